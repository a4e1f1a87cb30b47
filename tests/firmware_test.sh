#!/bin/sh
# The example firmware prints the same bytes on this machine, with each compiler and as C99 and C++17, as on every
# board of platform/cortex-m/boards.txt.
# shellcheck disable=SC2086 # flags are several words
set -u
mkdir -p build
scratch=$(mktemp -d build/firmware.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

if ! tests/digits_header.sh "$scratch" >"$scratch/log" 2>&1; then
    echo "FAILED firmware: no model to run: $(tail -n 1 "$scratch/log")"
    exit
fi
# The digits that are never trained on, as rows of a C array (see the Makefile).
tail -n 297 tools/data/digits.csv | sed 's/.*/{&},/' >"$scratch/digits_held_out.inc"

# on_host COMPILER FLAGS...: an optimized build
on_host() {
    "$@" $warnings -O2 -I. -I"$scratch" platform/firmware/denoise.c platform/desktop/console.c -o "$scratch/denoise" &&
        "$scratch/denoise"
}
on_board() {
    platform/cortex-m/build.sh "$1" "$scratch/denoise.elf" platform/firmware/denoise.c -- -I"$scratch" &&
        platform/cortex-m/run.sh "$1" "$scratch/denoise.elf"
}

# check NAME COMMAND...: the first one's output is what the others must print
check() {
    name=$1
    shift
    if ! "$@" >"$scratch/printed" 2>"$scratch/log"; then
        echo "FAILED firmware $name: does not build or run: $(grep -m 1 -i -e error -e fault "$scratch/log" "$scratch/printed")"
        cat "$scratch/log"
        return
    fi
    [ -e "$scratch/expected" ] || cp "$scratch/printed" "$scratch/expected"
    if cmp -s "$scratch/expected" "$scratch/printed" && grep -q '^wrong pixels a digit: ' "$scratch/printed"; then
        echo "ok firmware $name"
    else
        echo "FAILED firmware $name: prints other lines than the first that ran"
        diff "$scratch/expected" "$scratch/printed"
    fi
}

for compiler in gcc clang; do
    if ! command -v $compiler >/dev/null 2>&1; then
        echo "skipped firmware $compiler: not installed (tools/setup.sh ci)"
        continue
    fi
    check "$compiler C99" on_host $compiler -x c -std=c99
    check "$compiler C++17" on_host $compiler -x c++ -std=c++17 -fno-exceptions -fno-rtti
done

awk '/^[a-z]/ { print $1 }' platform/cortex-m/boards.txt | while read -r board; do
    if command -v arm-none-eabi-gcc >/dev/null 2>&1 && command -v qemu-system-arm >/dev/null 2>&1; then
        check "$board" on_board "$board"
    else
        echo "skipped firmware $board: no arm-none-eabi-gcc or no qemu-system-arm (tools/setup.sh ci)"
    fi
done
