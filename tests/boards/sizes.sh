#!/bin/sh
# What the examples take on each board: tests/boards/sizes.sh [BOARD...] prints a row for each. Code, constants and variables
# are those of the linked program, start-up and support routines with it; under Linux without the C library. Stack is
# counted from the reset (Linux: from main), at most by the compiler's reports along the call graph, and as measured in
# a run of bare metal.
set -eu
mkdir -p build
scratch=$(mktemp -d build/sizes.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
platform=platform
. platform/boards/board.sh
tests/boards/digits_header.sh "$scratch" >/dev/null 2>&1
[ $# != 0 ] || set -- $(board_names)

# sections PROGRAM: bytes of code, constants and variables
sections() {
    "${tools}size" -A "$1" | awk '
        $1 ~ /^\.text/ { code += $2 }
        $1 ~ /^\.(rodata|srodata|data\.rel\.ro|ARM\.exidx)/ { constants += $2; next }
        $1 ~ /^\.(data|sdata|bss|sbss|large)/ { variables += $2 }
        END { printf "%d %d %d", code, constants, variables }'
}

# measure SOURCE: code, constants, variables, stack at most, stack measured
measure() {
    program=$scratch/program
    reports=$(mktemp -d "$scratch/XXXXXX")/
    report=
    [ "$family" = avr ] || report=-fcallgraph-info=su
    # shellcheck disable=SC2086 # no flag or one
    platform/build.sh "$board" "$program" "$1" platform/boards/stack_report.c -- \
        -I"$scratch" -Wl,--wrap=main $report -dumpdir "$reports"
    platform/run.sh "$board" "$program" >"$scratch/printed"
    "${tools}nm" "$program" >"$reports/nm"
    "${tools}objdump" -d "$program" >"$reports/disassembly"
    root=on_reset
    used=$(sed -n 's/^stack bytes: //p' "$scratch/printed")
    if [ "$family" = linux ]; then
        root=__wrap_main used=- # which would be the C library's start too
        echo "0 T main" >"$reports/nm"
        echo >"$reports/disassembly"
        platform/build.sh "$board" "$program" "$1" -- -I"$scratch" -r -Wl,--entry=main
    fi
    # shellcheck disable=SC2046 # several files
    bound=$(awk -v root="$root" -f tests/boards/stack.awk "$reports/nm" $(find "$reports" -name '*.ci') "$reports/disassembly")
    echo "$(sections "$program") $bound $used"
}

layout='%-20s%-12s%-10s%8s%11s%11s%10s%10s\n'
# shellcheck disable=SC2059 # one layout for all rows
printf "$layout" board core program code constants variables stack: measured
printf "$layout" "" "" "" "" "" "" "at most" ""
for board in "$@"; do
    read_board "$board"
    if missing=$(missing_tool "$compiler" "$emulator"); then
        printf '%-20s%-12sskipped: %s\n' "$board" "$core" "$missing"
        continue
    fi
    tools=${compiler%g??}
    for source in $examples; do
        # shellcheck disable=SC2046,SC2059 # several words
        printf "$layout" "$board" "$core" "$(basename "${source%.*}")" $(measure "$source")
    done
done
