#!/bin/sh
# Other people's projects, outside of this tree, find and use the library: by CMake, pkg-config or -I alone.
set -u
root=$(pwd)
if ! command -v cmake >/dev/null 2>&1; then
    echo "skipped consume: no cmake (tools/scripts/setup.sh ci)"
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

cat >main.cpp <<'END'
#include "rbm/rbm.hpp"
static rbm::Rbm<6, 4> model;
int main() {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);
  rbm::initialize(model, random);
}
END

cat >main.c <<'END'
#include "rbm/quantized.h"
int main(void) {
  rbm_random random;
  rbm_random_seed(&random, 1);
  return 0;
}
END

# report NAME COMMAND...: one line for the command's success or failure
report() {
    name=$1
    shift
    if "$@" >log 2>&1; then
        echo "ok $name"
    else
        echo "FAILED $name: $(grep -m 1 -i -e error log || tail -n 1 log)"
        cat log
    fi
}

# Builds and runs a project that gets rbm::rbm by the given CMake lines, and gets nothing else by them.
consume() {
    mkdir "$1"
    cat >"$1/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.16)
project(consumer LANGUAGES CXX)
$2
if(TARGET rbm-command OR TARGET unit_tests)
  message(FATAL_ERROR "error: more than the library came along")
endif()
add_executable(consumer ../main.cpp)
target_link_libraries(consumer PRIVATE rbm::rbm)
END
    cmake -S "$1" -B "$1/build" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_PREFIX_PATH="$scratch/moved" &&
        grep -q -e -ffp-contract=off "$1/build/compile_commands.json" &&
        cmake --build "$1/build" && "$1/build/consumer" &&
        cmake --install "$1/build" --prefix "$1/stray" && [ ! -e "$1/stray" ]
}

# Moved after it was installed: nothing may remember the place.
install_and_move() {
    cmake -S "$root" -B library -DRBM_COMMAND=OFF -DRBM_TESTS=OFF &&
        cmake --install library --prefix "$scratch/installed" && mv installed moved
}

use_pkg_config() {
    # shellcheck disable=SC2046,SC2086 # several words
    ${CXX:-c++} -std=c++17 $(PKG_CONFIG_PATH=moved/share/pkgconfig pkg-config --cflags rbm) main.cpp -o a.out &&
        ./a.out
}

# A copy of the folder, in a project that has no build system.
use_copy() {
    mkdir copy && cp -R "$root/rbm" copy &&
        ${CXX:-c++} -std=c++17 -ffp-contract=off -Icopy main.cpp -o a.out && ./a.out &&
        ${CC:-cc} -std=c99 -Icopy main.c -o a.out && ./a.out
}

# The Debian package, unpacked somewhere.
use_debian_package() {
    (cd library && cpack) && dpkg-deb -x library/rbm_*_all.deb unpacked &&
        dpkg-deb -f library/rbm_*_all.deb Package Version Architecture | grep 'Architecture: all' &&
        ${CXX:-c++} -std=c++17 -ffp-contract=off -Iunpacked/usr/include main.cpp -o a.out && ./a.out &&
        grep '^Version: ' unpacked/usr/share/pkgconfig/rbm.pc
}

# What a release offers for download: the tree as one file.
pack() { tar -czf release.tar.gz -C "$root" CMakeLists.txt LICENSE README.md rbm; }

report "CMake installs" install_and_move
report find_package consume find_package "find_package(rbm $("$root/tools/scripts/version.sh") REQUIRED)"
report add_subdirectory consume add_subdirectory "add_subdirectory(\"$root\" rbm)"
pack
report FetchContent consume FetchContent "include(FetchContent)
FetchContent_Declare(rbm URL \"file://$scratch/release.tar.gz\")
FetchContent_MakeAvailable(rbm)"
report "copied folder" use_copy
if command -v pkg-config >/dev/null 2>&1; then
    report pkg-config use_pkg_config
else
    echo "skipped pkg-config: not installed (tools/scripts/setup.sh ci)"
fi
if command -v dpkg-deb >/dev/null 2>&1; then
    report "Debian package" use_debian_package
else
    echo "skipped Debian package: no dpkg-deb, which only Debian and its like have"
fi

# A project for a board, with a toolchain file of platform/: CTest runs its program in the emulator.
consume_bare_metal() {
    mkdir "$1" && cat >"$1/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.16)
project(learn LANGUAGES C CXX)
add_subdirectory("$root" rbm)
add_executable(learn "$root/platform/examples/learn.cpp" \${BOARD_SOURCES})
target_include_directories(learn PRIVATE "$scratch")
target_link_libraries(learn PRIVATE rbm::rbm)
enable_testing()
add_test(NAME learn COMMAND learn)
END
    cmake -S "$1" -B "$1/build" -DCMAKE_TOOLCHAIN_FILE="$root/platform/toolchains/$1.cmake" -DCMAKE_BUILD_TYPE=Release &&
        cmake --build "$1/build" && (cd "$1/build" && ctest --output-on-failure)
}

"$root/tools/scripts/embed.sh" digits >digits.inc
for pair in arm-none-eabi/qemu-system-arm riscv64-unknown-elf/qemu-system-riscv32; do
    toolchain=${pair%/*} emulator=${pair#*/}
    if command -v "$toolchain-g++" >/dev/null 2>&1 && command -v "$emulator" >/dev/null 2>&1; then
        report "toolchain $toolchain" consume_bare_metal "$toolchain"
    else
        echo "skipped toolchain $toolchain: no $toolchain-g++ or no $emulator (tools/scripts/setup.sh ci)"
    fi
done
