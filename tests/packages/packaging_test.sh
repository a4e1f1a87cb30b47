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
    mkdir -p "$scratch/$2" &&
        # The option is for the core: GCC 5.4 lacks a macro that its <float.h> leans on.
        arduino-builder -compile -hardware /usr/share/arduino/hardware -hardware /usr/share/arduino-builder \
            -tools /usr/bin -libraries "$scratch/libraries" -fqbn arduino:avr:uno -warnings all \
            -prefs compiler.cpp.extra_flags=-DDECIMAL_DIG=9 -build-path "$scratch/$2" "$1" &&
        ! grep -E '(rbm|Repair|Watch|pump).*warning:' "$scratch/log"
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

# A sensor for the examples that watch one: hums as in the recording, and after 1,000 readings otherwise.
cat >"$scratch/pump.h" <<'END'
#include <math.h>
static long moment;
static int hum(void) {
  const double n = (double)++moment;
  return (int)(512 + 60 * sin(n / (n > 1000 ? 1.2 : 2.5)) + 25 * sin(n / 0.9));
}
END

# watches PROGRAM: it printed an LED that was off while all was well and is on at the end
watches() {
    "$1" >"$scratch/led" && grep -q '^0$' "$scratch/led" && [ "$(tail -n 1 "$scratch/led")" = 1 ] &&
        ! head -n 100 "$scratch/led" | grep -q '^1$'
}

# The sketch Watch on this machine, 1,400 readings long; it prints the LED for each window.
run_watch_here() {
    cat >"$scratch/watch.cpp" <<'END'
#include <cstdio>
#include "pump.h"
enum { A0, OUTPUT, LED_BUILTIN };
struct Printer {
  void begin(long) {}
  void println(const char*) {}
} Serial;
static unsigned long now;
unsigned long micros() { return now; }
int analogRead(int) { return hum(); }
void pinMode(int, int) {}
void digitalWrite(int, bool on) { std::printf("%d\n", on); }
#include SKETCH
int main() {
  setup();
  for (; moment < 1400; now += 100) loop();
}
END
    ${CXX:-c++} -std=c++11 -I"$package/src" -I"$scratch" -DSKETCH="\"$package/examples/Watch/Watch.ino\"" \
        "$scratch/watch.cpp" -o "$scratch/watch" && watches "$scratch/watch"
}

# stand_in FILE...: empty headers in a kit's place, each of which includes kit.h
stand_in() {
    for header; do
        mkdir -p "$(dirname "$scratch/kit/$header")"
        echo '#include "kit.h"' >"$scratch/kit/$header"
    done
}

run_esp_idf_watch() {
    rm -rf "$scratch/kit"
    stand_in driver/gpio.h esp_adc/adc_oneshot.h esp_timer.h freertos/FreeRTOS.h freertos/task.h
    { echo '#pragma once' && cat "$scratch/pump.h" - <<'END'
#include <stdio.h>
#include <stdlib.h>
enum { ESP_OK, ADC_CHANNEL_0, ADC_UNIT_1, ADC_ATTEN_DB_12, ADC_BITWIDTH_DEFAULT, GPIO_NUM_2, GPIO_MODE_OUTPUT };
#define ESP_ERROR_CHECK(call) ((call) == ESP_OK ? (void)0 : abort())
typedef int adc_oneshot_unit_handle_t;
typedef struct { int unit_id; } adc_oneshot_unit_init_cfg_t;
typedef struct { int atten, bitwidth; } adc_oneshot_chan_cfg_t;
static int adc_oneshot_new_unit(const adc_oneshot_unit_init_cfg_t* unit, int* adc) { return *adc = unit->unit_id * 0; }
static int adc_oneshot_config_channel(int adc, int channel, const adc_oneshot_chan_cfg_t* settings) {
  return adc * channel * settings->atten;
}
static int adc_oneshot_read(int adc, int channel, int* out) { *out = hum(); return adc * channel; }
typedef struct { void (*callback)(void*); const char* name; } esp_timer_create_args_t;
typedef void (*esp_timer_handle_t)(void*);
static esp_timer_handle_t tick;
static int esp_timer_create(const esp_timer_create_args_t* settings, esp_timer_handle_t* timer) {
  tick = *timer = settings->callback;
  return settings->name == NULL;
}
static int esp_timer_start_periodic(esp_timer_handle_t timer, unsigned long microseconds) {
  return timer == NULL || microseconds != 10000;
}
static void gpio_set_direction(int pin, int mode) { (void)pin, (void)mode; }
static void gpio_set_level(int pin, int level) { (void)pin, printf("%d\n", level); }
static void vTaskDelay(int ticks) { if (moment > 1400) exit(0); while (ticks--) tick(NULL); }
END
    } >"$scratch/kit/kit.h"
    echo 'void app_main(void); int main(void) { app_main(); }' >"$scratch/start.c"
    ${CC:-cc} -std=c99 -I"$package/src" -I"$scratch/kit" "$package/examples/watch_esp_idf/main/main.c" "$scratch/start.c" \
        -lm -o "$scratch/watch" && watches "$scratch/watch"
}

# A room whose humidity and temperature stay, until both rise.
run_zephyr_watch() {
    rm -rf "$scratch/kit"
    stand_in zephyr/device.h zephyr/drivers/gpio.h zephyr/drivers/sensor.h zephyr/kernel.h
    cat >"$scratch/kit/kit.h" <<'END'
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
enum sensor_channel { SENSOR_CHAN_HUMIDITY, SENSOR_CHAN_AMBIENT_TEMP };
enum { GPIO_OUTPUT_INACTIVE };
struct device { int unused; };
static long moment;
struct gpio_dt_spec { int pin; };
struct sensor_value { int val1, val2; };
static const struct device kit_sensor;
#define DEVICE_DT_GET_ANY(name) (&kit_sensor)
#define GPIO_DT_SPEC_GET(node, property) {0}
#define K_TIMEOUT_ABS_MS(milliseconds) (milliseconds)
static int64_t k_uptime_get(void) { return 7; }
static int sensor_sample_fetch(const struct device* sensor) { return sensor->unused + (moment++ < 0); }
static int sensor_channel_get(const struct device* sensor, enum sensor_channel channel, struct sensor_value* value) {
  const long since = moment > 1000 ? moment - 1000 : 0;
  value->val1 = (channel == SENSOR_CHAN_HUMIDITY ? 60 : 28) + (int)(since < 20 ? since : 20);
  value->val2 = (int)(moment / 7 % 3 * 10000) + sensor->unused;
  return 0;
}
static void gpio_pin_configure_dt(const struct gpio_dt_spec* led, int flags) { (void)led, (void)flags; }
static void gpio_pin_set_dt(const struct gpio_dt_spec* led, int on) { printf("%d\n", on + led->pin); }
static void k_sleep(int64_t due) {
  if (moment == 1012 || due != 7 + 5000 * moment) exit(moment != 1012);
}
END
    ${CC:-cc} -std=c99 -I"$package/src" -I"$scratch/kit" "$package/examples/watch_zephyr/src/main.c" -o "$scratch/watch" &&
        watches "$scratch/watch"
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
report "sketch watches a pump" run_watch_here
report "ESP-IDF application watches a pump" run_esp_idf_watch
report "Zephyr application watches a room" run_zephyr_watch
if has "Arduino UNO" arduino-builder avr-g++ simavr; then
    report "sketch for an Arduino UNO" build_sketch "$sketch" uno
    report "sketch that watches, for an Arduino UNO" build_sketch "$package/examples/Watch/Watch.ino" uno_watch
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
