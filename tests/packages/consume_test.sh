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

cat >part.c <<'END'
#include "rbm/quantized.h"
int part_of_a_program;
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
        ./a.out && ${CC:-cc} -std=c99 $(PKG_CONFIG_PATH=moved/share/pkgconfig pkg-config --cflags rbm-quantized) main.c -o a.out && ./a.out
}

# A copy of the folder, in a project that has no build system.
use_copy() {
    mkdir copy && cp -R "$root/rbm" copy &&
        ${CXX:-c++} -std=c++17 -ffp-contract=off -Icopy main.cpp -o a.out && ./a.out &&
        ${CC:-cc} -std=c99 -Icopy main.c -o a.out && ./a.out
}

# configure NAME LANGUAGES LINES [OPTION...]: builds a project of these lines, and runs the program `consumer` in it
configure() {
    rm -rf "$1"
    mkdir "$1"
    printf 'cmake_minimum_required(VERSION 3.16)\nproject(consumer LANGUAGES %s)\n%s\n' "$2" "$3" >"$1/CMakeLists.txt"
    folder=$1
    shift 3
    cmake -S "$folder" -B "$folder/build" "$@" && cmake --build "$folder/build" && "$folder/build/consumer"
}

# A project that vendors the library and has no C++.
vendor_for_c() {
    configure for_c C "add_subdirectory(\"$root\" rbm)
add_executable(consumer ../main.c)
target_link_libraries(consumer PRIVATE $1)" -DCMAKE_CXX_COMPILER=/nonexistent &&
        ! grep -q CMAKE_CXX_COMPILER_ID for_c/build/CMakeCache.txt
}

# The runtime in C asks nothing of a compiler: neither a standard nor an option.
vendor_plainly() {
    configure plainly "C CXX" "add_subdirectory(\"$root\" rbm)
add_executable(consumer ../main.c)
target_link_libraries(consumer PRIVATE rbm::quantized)" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON &&
        ! grep -q -e '-std=' -e -ffp-contract plainly/build/compile_commands.json
}

# One that calls things as it likes, in a folder with a space, and finds the copy by find_package too.
vendor_beside_own_names() {
    configure "own names" C "add_executable(rbm ../main.c)
add_library(quantized STATIC ../part.c)
add_subdirectory(\"$root\" third_party/rbm)
find_package(rbm 0.2...<1.0 REQUIRED)
add_executable(consumer ../main.c)
target_link_libraries(rbm PRIVATE rbm::rbm)
target_link_libraries(quantized PRIVATE rbm::quantized)
target_link_libraries(consumer PRIVATE quantized rbm::quantized)
if(CMAKE_BUILD_TYPE OR DEFINED BUILD_TESTING OR TARGET unit_tests)
  message(FATAL_ERROR \"error: the library has set what is not its own\")
endif()"
}

# Two parts, each with a copy; one of another version, which is told.
vendor_twice() {
    rm -rf first second
    for part in first second; do
        mkdir $part && tar -xzf release.tar.gz -C $part || return
        mkdir "$part/rbm_copy" && (cd $part && mv CMakeLists.txt LICENSE README.md rbm rbm_copy)
        printf '%s\n' "cmake_minimum_required(VERSION 3.16)" "project($part C)" "add_subdirectory(rbm_copy)" \
            "add_library($part STATIC ../part.c)" "target_link_libraries($part PUBLIC rbm::quantized)" >$part/CMakeLists.txt
    done
    configure twice C "add_subdirectory(../first first)
add_subdirectory(../second second)
add_executable(consumer ../main.c)
target_link_libraries(consumer PRIVATE first second)" >first.log 2>&1 && ! grep -i warning first.log || return
    sed 's/\(RBM_VERSION_PATCH\) .*/\1 77/' first/rbm_copy/rbm/config.hpp >second/rbm_copy/rbm/config.hpp
    cmake twice/build >second.log 2>&1 && tr -s '\n ' ' ' <second.log | grep "is already part of this project and is used instead of .*77"
}

# A library linked with it is exported, installed with the headers, moved and found by another project.
export_library() {
    lines="add_subdirectory(\"$root\" rbm)
add_library(part STATIC ../part.c)
target_link_libraries(part PUBLIC rbm::quantized)
add_executable(consumer ../main.c)
target_link_libraries(consumer PRIVATE part)
install(TARGETS part EXPORT part DESTINATION lib)
install(EXPORT part NAMESPACE part:: FILE part.cmake DESTINATION lib)
export(EXPORT part NAMESPACE part:: FILE part.cmake)"
    configure exporting C "$lines" && cmake --install exporting/build --prefix exported && [ ! -e exported/include ] &&
        configure exporting C "$lines" -DRBM_INSTALL=ON && DESTDIR="$scratch/stage" cmake --install exporting/build --prefix /usr &&
        mv stage/usr "moved again" && configure downstream C "find_package(rbm REQUIRED)
include(\"$scratch/moved again/lib/part.cmake\")
add_executable(consumer ../main.c)
target_link_libraries(consumer PRIVATE part::part)" -DCMAKE_PREFIX_PATH="$scratch/moved again"
}

# asks_for VERSION: whether find_package takes the installed one
asks_for() {
    configure asking C "find_package(rbm $1 REQUIRED)
add_executable(consumer ../main.c)
target_link_libraries(consumer PRIVATE rbm::quantized)" -DCMAKE_PREFIX_PATH="$scratch/moved"
}
ask_for_versions() {
    version=$("$root/tools/scripts/version.sh")
    minor=${version%.*}
    next=${minor%.*}.$((${minor#*.} + 1))
    set -- "" 0 "$minor" "$version" "$version EXACT" "0.0.1...<1.0" "0.1...$next" "$minor...$version"
    for wish in "$@"; do
        asks_for "$wish" || { echo "error: $version is not found for '$wish'"; return 1; }
    done
    for wish in 1 "$next" 0.1 "$minor.999" "0.0.1...<$version" "$next...<1.0" "0.0.1...0.1" "$minor.0 EXACT"; do
        [ "$wish" != "$version EXACT" ] || continue
        ! asks_for "$wish" || { echo "error: $version is found for '$wish'"; return 1; }
    done
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
report "a project of C, the runtime" vendor_for_c rbm::quantized
report "a project of C, all of the library" vendor_for_c rbm::rbm
report "the runtime without options" vendor_plainly
report "a project with targets of the same names" vendor_beside_own_names
report "two copies in a project" vendor_twice
report "a library that is exported" export_library
report "versions that are asked for" ask_for_versions
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
