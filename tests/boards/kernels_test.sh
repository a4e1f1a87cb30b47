#!/bin/sh
# The device runtime's kernels: random models of every width and of odd shapes, of bits (kernels.c) and of readings
# (real_kernels.c), give the same answers in plain C on this machine as on every board with the instructions that it has,
# and those that a model's definition gives.
# shellcheck disable=SC2086 # flags are several words
set -u
mkdir -p build
scratch=$(mktemp -d build/kernels.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
warnings=$(cat platform/warnings.txt)

on_host() {
    "$@" $warnings -I. "tests/boards/$program.c" platform/desktop/console.c -o "$scratch/program" && "$scratch/program"
}
# on_board BOARD FLAGS...: small boards leave out the models that they have no memory for
on_board() {
    board=$1
    shift
    [ "$board" != microbit ] || set -- "$@" -DMOST_WEIGHT_WORDS=800
    platform/build.sh "$board" "$scratch/program.elf" "tests/boards/$program.c" -- "$@" &&
        platform/run.sh "$board" "$scratch/program.elf"
}

# check NAME COMMAND...: each line that it prints must be one of those that the first one printed
check() {
    name=$1
    shift
    if ! "$@" >"$scratch/printed" 2>"$scratch/log"; then
        echo "FAILED $program $name: $(grep -m 1 -h -e wrong -e rror -e fault "$scratch/printed" "$scratch/log")"
        return
    fi
    [ -e "$scratch/$program" ] || cp "$scratch/printed" "$scratch/$program"
    other=$(grep -v -x -F -f "$scratch/$program" "$scratch/printed" | head -n 1)
    if [ "$(wc -l <"$scratch/printed")" -ge 80 ] && [ -z "$other" ]; then
        echo "ok $program $name"
    else
        echo "FAILED $program $name: on this machine and there differ: $other"
    fi
}

for program in kernels real_kernels; do
    for compiler in gcc clang; do
        if ! command -v $compiler >/dev/null 2>&1; then
            echo "skipped $program $compiler: not installed (tools/scripts/setup.sh ci)"
            continue
        fi
        check "$compiler C99" on_host $compiler -x c -std=c99 -O1 -fsanitize=undefined -fno-sanitize-recover
        check "$compiler C++17" on_host $compiler -x c++ -std=c++17 -O2 -fno-exceptions -fno-rtti
    done

    awk '$2 == "cortex-m" { print $1 }' platform/boards/boards.txt | while read -r board; do
        if command -v arm-none-eabi-gcc >/dev/null 2>&1 && command -v qemu-system-arm >/dev/null 2>&1; then
            check "$board" on_board "$board"
        else
            echo "skipped $program $board: no arm-none-eabi-gcc or no qemu-system-arm (tools/scripts/setup.sh ci)"
        fi
    done
done
