#!/bin/sh
# The device package of platform/packaging: what each registry asks for, and what each kit makes of it. Arduino's
# builder is the real one, and its program runs in simavr; ESP-IDF and Zephyr are stood in for by CMake functions that
# check how they are called.
# shellcheck disable=SC2086 # flags are several words
set -u
root=$PWD
mkdir -p build
scratch=$(mktemp -d "$root/build/packaging.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
package=$scratch/libraries/rbm
version=$(tools/scripts/version.sh)
warnings=$(cat platform/warnings.txt)

# report NAME COMMAND...: one line for the command's success or failure
report() {
    name=$1
    shift
    if "$@" >"$scratch/log" 2>&1; then
        echo "ok package $name"
    else
        echo "FAILED package $name: $(grep -m 1 -i error "$scratch/log" || tail -n 1 "$scratch/log")"
        cat "$scratch/log"
    fi
}

# has NAME TOOL...: whether the test NAME can run here
has() {
    name=$1
    shift
    for tool in "$@"; do
        if ! command -v "$tool" >/dev/null 2>&1; then
            echo "skipped package $name: no $tool (tools/scripts/setup.sh ci)"
            return 1
        fi
    done
}

has_python() {
    /usr/bin/python3 -c "import $2" 2>/dev/null && return
    echo "skipped package $1: no $2 for /usr/bin/python3 (tools/scripts/setup.sh ci)"
    return 1
}

assemble_again() { platform/packaging/assemble.sh "$scratch/again" && diff -r "$package" "$scratch/again"; }
check() { /usr/bin/python3 platform/packaging/check.py "$package" "$version"; }

# Each of these faults must be told, by the words that follow it.
tells_faults() {
    while IFS='|' read -r fault words; do
        rm -rf "$scratch/faulty" && cp -R "$package" "$scratch/faulty" && (cd "$scratch/faulty" && eval "$fault") || return
        if /usr/bin/python3 platform/packaging/check.py "$scratch/faulty" "$version" >"$scratch/told" 2>&1 ||
            ! grep -q "$words" "$scratch/told"; then
            echo "error: '$fault' is not told"
            return 1
        fi
    done <<'END'
touch src/main.cpp|src/main.cpp: is a source
mv src/rbm.h src/other.h|src/rbm.h: included, but missing
mv examples/Repair/Repair.ino examples/Repair/main.ino|has no Repair.ino
sed -i.old s/^version=.*/version=9.9.9/ library.properties|library.properties: has another version
sed -i.old /^url=/d library.properties|lacks url
sed -i.old s/MIT/Mine/ library.json|library.json: license
echo 'colour: red' >>idf_component.yml|unknown entries
rm zephyr/Kconfig|no Kconfig
END
}

no_manifest_at_root() {
    for manifest in library.properties library.json idf_component.yml module.yml zephyr; do
        if [ -e "$manifest" ]; then
            echo "error: $manifest lies at the root"
            return 1
        fi
    done
}

sketch=$package/examples/Repair/Repair.ino
build_sketch() {
    mkdir -p "$scratch/uno" &&
        # The option is for the core: GCC 5.4 lacks a macro that its <float.h> leans on.
        arduino-builder -compile -hardware /usr/share/arduino/hardware -hardware /usr/share/arduino-builder \
            -tools /usr/bin -libraries "$scratch/libraries" -fqbn arduino:avr:uno -warnings all \
            -prefs compiler.cpp.extra_flags=-DDECIMAL_DIG=9 -build-path "$scratch/uno" "$sketch" &&
        ! grep -E '(rbm|Repair).*warning:' "$scratch/log"
}

# The README's figures, rounded as they are there
tells_size() {
    size=$(avr-size "$scratch/uno/Repair.ino.elf" |
        awk 'NR == 2 { printf("%.0f KB of flash and %.1f KB of RAM", ($1 + $2) / 1000, ($2 + $3) / 1000) }')
    grep -q "on an UNO, $size\." platform/packaging/README.md || { echo "error: it is $size" && return 1; }
}

# The sketch's setup() on this machine, with the Arduino core's names stood in for.
run_sketch_here() {
    cat >"$scratch/host.cpp" <<'END'
#include <cstdio>
struct Printer {
  void begin(long) {}
  void print(const char* text) { std::printf("%s", text); }
  void print(char letter) { std::printf("%c", letter); }
  void println(const char* text = "") { std::printf("%s\n", text); }
} Serial;
#include SKETCH
int main() { setup(); loop(); }
END
    ${CXX:-c++} -std=c++11 -I"$package/src" -DSKETCH="\"$sketch\"" "$scratch/host.cpp" -o "$scratch/host" &&
        "$scratch/host" >"$scratch/expected" && grep '^repaired \.*########\.*$' "$scratch/expected"
}

# The emulator shows a line of the serial port between colour codes, with dots for line ends.
run_sketch() {
    timeout 5 simavr -m atmega328p -f 16000000 "$scratch/uno/Repair.ino.elf" >"$scratch/printed" 2>&1 </dev/null
    while read -r line; do grep -q -F -- "$line" "$scratch/printed" || return; done <"$scratch/expected"
}

# The first fault that a compiler without C++17 names must be this one.
refuses_old_compilers() {
    ! echo '#include <rbm/rbm.hpp>' | avr-g++ -std=gnu++11 -mmcu=atmega328p -I"$package/src" -fsyntax-only -x c++ - \
        2>"$scratch/messages" && grep error "$scratch/messages" | head -n 1 | grep 'rbm needs C++17.*quantized.h'
}

cat >"$scratch/main.c" <<'END'
#include "rbm/quantized.h"
int c_part(void);
int c_part(void) {
  rbm_random random;
  rbm_random_seed(&random, 1);
  return (int)(rbm_random_next(&random) >> 31);
}
END
cat >"$scratch/main.cpp" <<'END'
#include "rbm/rbm.hpp"
extern "C" int c_part(void);
static rbm::Rbm<6, 4> model;
int main() {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);
  rbm::initialize(model, random);
  return c_part();
}
END

cross_compile() {
    prefix=$1
    shift
    "$prefix"gcc "$@" $warnings -std=c99 -ffreestanding -I"$package/src" -c "$scratch/main.c" \
        -o "$scratch/main.o" &&
        "$prefix"g++ "$@" $warnings -std=c++17 -ffreestanding -fno-exceptions \
            -fno-rtti -I"$package/src" -c "$scratch/main.cpp" -o "$scratch/main.o"
}

# build_project FOLDER OPTIONS...: the project builds and runs, its C++ with -ffp-contract=off and its C without
build_project() {
    project=$1
    shift
    commands=$project/build/compile_commands.json
    cmake -S "$project" -B "$project/build" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "$@" && cmake --build "$project/build" &&
        "$project/build/app" && grep '"command".*main\.cpp' "$commands" | grep -q -e -ffp-contract=off &&
        ! grep '"command".*main\.c"' "$commands" | grep -e -ffp-contract=off
}

# ESP-IDF reads a component twice: as a script, to learn its requirements, where idf_component_register returns and
# most commands are missing; then in the build, where it makes an interface library of a component without sources.
use_esp_idf() {
    component=$2
    cat >"$scratch/early.cmake" <<'END'
macro(idf_component_register)
  set(registered 1)
  return()
endmacro()
function(read_component)
  include(${COMPONENT}/CMakeLists.txt)
endfunction()
read_component()
END
    mkdir -p "$scratch/$1"
    cat >"$scratch/$1/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.16)
project(app LANGUAGES C CXX)
set(ESP_PLATFORM 1)
function(idf_component_register)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "" "SRCS;INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES")
  if(ARG_UNPARSED_ARGUMENTS OR ARG_SRCS OR NOT ARG_INCLUDE_DIRS)
    message(FATAL_ERROR "error: registers otherwise than by its include folders")
  endif()
  add_library(idf_rbm INTERFACE)
  foreach(folder IN LISTS ARG_INCLUDE_DIRS)
    get_filename_component(folder ${folder} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_LIST_DIR})
    if(NOT IS_DIRECTORY ${folder})
      message(FATAL_ERROR "error: ${folder} is no folder")
    endif()
    target_include_directories(idf_rbm INTERFACE ${folder})
  endforeach()
  set(COMPONENT_LIB idf_rbm PARENT_SCOPE)
endfunction()
add_subdirectory(${COMPONENT} component)
if(TARGET rbm OR TARGET rbm-command)
  message(FATAL_ERROR "error: more than the component came along")
endif()
add_executable(app ../main.cpp ../main.c)
set_property(TARGET app PROPERTY CXX_STANDARD 17)
target_link_libraries(app PRIVATE idf_rbm)
END
    cmake -DESP_PLATFORM=1 -DCOMPONENT="$component" -P "$scratch/early.cmake" &&
        build_project "$scratch/$1" -DCOMPONENT="$component"
}

# Zephyr reads module.yml, then Kconfig by this very library, then CMakeLists.txt, and links an interface library to
# the application where CONFIG_APP_LINK_WITH_ and its name in capitals say so.
use_zephyr() {
    module=$2
    mkdir -p "$scratch/$1"
    /usr/bin/python3 - "$module" >"$scratch/$1/config.cmake" <<'END' || return
import os, sys, kconfiglib, yaml
module = sys.argv[1]
build = yaml.safe_load(open(os.path.join(module, "zephyr", "module.yml")))["build"]
kconfig = kconfiglib.Kconfig(os.path.join(module, build["kconfig"]), warn_to_stderr=False)
assert not kconfig.warnings, kconfig.warnings
assert kconfig.syms["APP_LINK_WITH_RBM"].str_value == "n", "on without being asked for"
kconfig.syms["RBM"].set_value("y")
for symbol in kconfig.unique_defined_syms:
    print(f"set(CONFIG_{symbol.name} {symbol.str_value})")
print(f'set(MODULE_CMAKE "{os.path.join(module, build["cmake"])}")')
END
    cat >"$scratch/$1/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.16)
project(app LANGUAGES C CXX)
include(config.cmake)
macro(zephyr_interface_library_named name)
  add_library(${name} INTERFACE)
  set_property(GLOBAL APPEND PROPERTY ZEPHYR_INTERFACE_LIBS ${name})
endmacro()
add_subdirectory(${MODULE_CMAKE} module)
add_executable(app ../main.cpp ../main.c)
set_property(TARGET app PROPERTY CXX_STANDARD 17)
get_property(libraries GLOBAL PROPERTY ZEPHYR_INTERFACE_LIBS)
foreach(library IN LISTS libraries)
  string(TOUPPER ${library} name)
  if(CONFIG_APP_LINK_WITH_${name})
    target_link_libraries(app PUBLIC ${library})
  endif()
endforeach()
END
    build_project "$scratch/$1"
}

use_cmake() {
    mkdir -p "$scratch/$1"
    cat >"$scratch/$1/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.16)
project(app LANGUAGES C CXX)
add_subdirectory("$2" rbm)
add_executable(app ../main.cpp ../main.c)
set_property(TARGET app PROPERTY CXX_STANDARD 17)
target_link_libraries(app PRIVATE rbm::rbm)
END
    build_project "$scratch/$1"
}

report "is assembled" platform/packaging/assemble.sh "$package"
report "is the same again" assemble_again
report "no manifest at the root" no_manifest_at_root
if has_python "follows the specifications" yaml; then
    report "follows the specifications" check
    report "faults are told" tells_faults
fi
report "sketch repairs a pulse" run_sketch_here
if has "Arduino UNO" arduino-builder avr-g++ simavr; then
    report "sketch for an Arduino UNO" build_sketch
    report "sketch has the size that README.md tells" tells_size
    report "sketch on an emulated UNO" run_sketch
    report "readable error before C++17" refuses_old_compilers
fi
has "Cortex-M4" arm-none-eabi-g++ && report "Cortex-M4" cross_compile arm-none-eabi- -mthumb -mcpu=cortex-m4
has "RISC-V" riscv64-unknown-elf-g++ && report "RISC-V" cross_compile riscv64-unknown-elf- -march=rv32imac -mabi=ilp32
if has "CMake" cmake; then
    report "CMake" use_cmake cmake "$package"
    report "ESP-IDF" use_esp_idf idf_package "$package"
    report "ESP-IDF, plain clone" use_esp_idf idf_clone "$root"
    if has_python "Zephyr" kconfiglib && has_python "Zephyr" yaml; then
        report "Zephyr" use_zephyr zephyr_package "$package"
        report "Zephyr, plain clone" use_zephyr zephyr_clone "$root/platform/packaging"
    fi
fi
