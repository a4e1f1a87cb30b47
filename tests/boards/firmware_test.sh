#!/bin/sh
# The example firmware prints the same bytes on this machine with each compiler, and C99 as C++17;
# boards_test.sh runs it on boards.
# shellcheck disable=SC2086 # flags are several words
set -u
mkdir -p build
scratch=$(mktemp -d build/firmware.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
warnings=$(cat platform/warnings.txt)

if ! tests/boards/digits_header.sh "$scratch" >"$scratch/log" 2>&1; then
    echo "FAILED firmware: nothing to run: $(tail -n 1 "$scratch/log")"
    exit
fi

# check PROGRAM LAST COMPILER FLAG...: an optimized build prints what the first build of the program has printed, and a
# line that begins with LAST
check() {
    program=$1 last=$2
    name="$program $3 ${6#-std=}"
    shift 2
    if ! { "$@" $warnings -O2 -ffp-contract=off -I"$scratch" -I. platform/examples/$program.* platform/desktop/console.c \
        -o "$scratch/program" && "$scratch/program" | grep -v ' bytes: '; } >"$scratch/printed" 2>"$scratch/log"; then
        echo "FAILED firmware $name: does not build or run: $(grep -m 1 -i error "$scratch/log")"
        return
    fi
    [ -e "$scratch/$program.txt" ] || cp "$scratch/printed" "$scratch/$program.txt"
    if cmp -s "$scratch/$program.txt" "$scratch/printed" && grep -q "^$last" "$scratch/printed"; then
        echo "ok firmware $name"
    else
        echo "FAILED firmware $name: prints other lines than the first that ran"
        diff "$scratch/$program.txt" "$scratch/printed"
    fi
}

for compiler in gcc clang; do
    if ! command -v $compiler >/dev/null 2>&1; then
        echo "skipped firmware $compiler: not installed (tools/scripts/setup.sh ci)"
        continue
    fi
    check denoise "wrong pixels a digit: " $compiler -x c -std=c99
    check denoise "wrong pixels a digit: " $compiler -x c++ -std=c++17 -fno-exceptions -fno-rtti
    check score "scrambled        *100.0 %" $compiler -x c -std=c99
    check score "scrambled        *100.0 %" $compiler -x c++ -std=c++17 -fno-exceptions -fno-rtti
    check watch "steam was seen after 15 seconds" $compiler -x c -std=c99
    check watch "steam was seen after 15 seconds" $compiler -x c++ -std=c++17 -fno-exceptions -fno-rtti
    check classify "right: 2[78]" $compiler -x c -std=c99
    check classify "right: 2[78]" $compiler -x c++ -std=c++17 -fno-exceptions -fno-rtti
    check learn "hash of the model: " $compiler -x c++ -std=c++17 -fno-exceptions -fno-rtti
    check learn_label "           50  *[89][0-9]\.[0-9] %  *[89][0-9]\.[0-9] %" $compiler -x c++ -std=c++17 -fno-exceptions -fno-rtti
    check learn_and_watch "checksum of the saved state: " $compiler -x c++ -std=c++17 -fno-exceptions -fno-rtti
done

# A header of the program's own folder, where the root has something of that name: here a text that is no C.
mkdir "$scratch/own" && touch "$scratch/own/LICENSE"
printf '#include "LICENSE"\nint main(void) { return 0; }\n' >"$scratch/own_header.c"
if missing=$(tools/scripts/missing_tool.sh arm-none-eabi-g++); then
    echo "skipped firmware own header before the root's: $missing"
elif platform/build.sh microbit "$scratch/own.elf" "$scratch/own_header.c" -- -I"$scratch/own" >"$scratch/log" 2>&1; then
    echo "ok firmware own header before the root's"
else
    echo "FAILED firmware own header before the root's: $(grep -m 1 -i error "$scratch/log")"
fi
