#!/bin/sh
# What the examples take on each board: tests/boards/sizes.sh [BOARD...] prints platform/sizes.md, or these boards' part of it.
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
    case $family/$code_size in
        avr/256K) return_address=3 ;; # of 128 K instructions
        avr/*) return_address=2 ;;
        *) return_address=0 ;;
    esac
    # shellcheck disable=SC2046 # several files
    bound=$(awk -v root="$root" -v return_address=$return_address -f tests/boards/stack.awk "$reports/nm" $(find "$reports" -name '*.ci') "$reports/disassembly")
    echo "$(sections "$program") $bound $used"
}

row() { printf '| %s ' "$@" && echo '|'; }
# Numbers of four digits and more, with commas.
group() { sed -e :more -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|[, ]\)/\1,\2\3/;tmore'; }

version=$(arm-none-eabi-gcc -dumpfullversion 2>/dev/null) || version='for Arm is missing'
cat <<END
# Sizes

What the examples take on each board, in bytes. \`make sizes\` prints this page (GCC $version);
\`tests/boards/sizes_test.sh\` holds the rows of three boards against the programs.

Code, constants and variables are those of the linked program, with start-up code and support routines; under Linux
without the C library. On the AVR, constants lie within the code. Of the constants of denoise, score and classify, 19,305 bytes are
digits to run on; of those of learn and learn_label, 116,805; of watch, 1,440 are readings. The two pages of flash of
learn_and_watch are not counted, which lie in RAM here. Stack is counted from the reset, under Linux from \`main\`: at most, by the compiler's reports along the call graph,
and as measured in a run.

| board | core | program | code | constants | variables | stack at most | measured |
|---|---|---|---|---|---|---|---|
END
for board in "$@"; do
    read_board "$board"
    if missing=$(missing_tool "$compiler" "$emulator"); then
        row "$board" "$core" "skipped: $missing" - - - - -
        continue
    fi
    tools=${compiler%g??}
    for source in $examples; do
        # shellcheck disable=SC2046 # several words
        row "$board" "$core" "$(basename "${source%.*}")" $(measure "$source" | group)
    done
done
