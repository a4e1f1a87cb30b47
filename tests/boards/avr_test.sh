#!/bin/sh
# A stand-alone header of 64 x 32 units at 4 bits on an ATmega328P, emulated: the same bytes of 100 digits as on this
# machine, in less than its 2 KB of RAM; and on an ATmega2560, wherever in its 256 KB of flash tables lie.
set -u
mkdir -p build
scratch=$(mktemp -d build/avr.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
# shellcheck disable=SC2034,SC1091 # for board.sh
platform=platform
. platform/boards/board.sh
read_board atmega328p
for tool in "$compiler" "$emulator" avr-size; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "skipped avr: no $tool (tools/scripts/setup.sh ci)"
        exit
    fi
done

# report NAME WHY: the last command's success or failure
report() {
    if [ $? = 0 ]; then echo "ok avr $1"; else echo "FAILED avr $1: $2"; fi
}

# shellcheck disable=SC2046 # warnings are several words
on_host() {
    # Without the library's folder: the header is all that it takes.
    mkdir -p "$scratch/alone/tests/support" && cp -R platform "$scratch/alone" &&
        cp tests/support/runtime_outputs.h "$scratch/alone/tests/support" &&
        ${CC:-cc} -std=c99 $(cat platform/warnings.txt) -O2 -I"$scratch/alone" -I"$scratch/small" \
            tests/boards/runtime.c platform/desktop/console.c -o "$scratch/integers" && "$scratch/integers" >"$scratch/expected"
}
on_board() {
    platform/build.sh atmega328p "$scratch/integers.elf" tests/boards/runtime.c platform/boards/stack_report.c -- \
        -I"$scratch/small" -Wl,--wrap=main && platform/run.sh atmega328p "$scratch/integers.elf" >"$scratch/printed"
}

if ! tests/boards/runtime_models.sh "$scratch" >"$scratch/log" 2>&1; then
    echo "FAILED avr: no model to run: $(tail -n 1 "$scratch/log")"
    exit
fi
on_host >"$scratch/log" 2>&1
report "stand-alone on this machine" "$(grep -m 1 error "$scratch/log")"
on_board >"$scratch/log" 2>&1
report "builds and runs" "$(tail -n 1 "$scratch/log")"
grep -v ' bytes: ' "$scratch/printed" | cmp -s - "$scratch/expected" && grep -q '^100 pictures, model whole$' "$scratch/expected"
report "the same bytes" "prints other lines than this machine"

variables=$(avr-size -A "$scratch/integers.elf" | awk '$1 == ".data" || $1 == ".bss" { sum += $2 } END { print sum }')
stack=$(sed -n 's/^stack bytes: //p' "$scratch/printed")
[ "$((variables + stack))" -lt 2048 ] && [ "$variables" -gt 0 ] && [ "$stack" -gt 0 ]
report "RAM: $variables bytes of variables, $stack of stack" "more than 2,048 bytes together"

# Tables on both sides of 64 KB and of 128 KB, and all beyond: on an ATmega2560 with code behind them. The addresses put a
# border into the weights, a bias and a shared table.
read_board atmega2560
for address in 0xf800 0xff20 0xfcf0 0x10000 0x1fd00 0x30000; do
    platform/build.sh atmega2560 "$scratch/far.elf" tests/boards/runtime.c -- -I"$scratch/small" \
        "-Wl,--defsym=tables_at=$address" >"$scratch/log" 2>&1 &&
        platform/run.sh atmega2560 "$scratch/far.elf" >"$scratch/printed" 2>"$scratch/log" &&
        cmp -s "$scratch/printed" "$scratch/expected"
    report "tables from $address on" "$(cat "$scratch/log" "$scratch/printed" | head -n 1)"
done
# A header of before, which does not say where its tables lie, is stopped in words.
sed 's/^#if RBM_QUANTIZED_FORMAT != 2.*/#if RBM_QUANTIZED_FORMAT != 2/' "$scratch/small/model.h" >"$scratch/older.h"
echo '#include "older.h"' >"$scratch/older.c"
! platform/build.sh atmega2560 "$scratch/older.elf" "$scratch/older.c" >"$scratch/log" 2>&1 &&
    grep -q '#error "model: generate this header anew' "$scratch/log"
report "a header of before" "$(tail -n 1 "$scratch/log")"

# A model whose weights an AVR cannot address is stopped in words.
"${RBM:-build/rbm}" train digits --hidden 512 --epochs 1 --quiet --out "$scratch/wide" >"$scratch/log" 2>&1 &&
    "${RBM:-build/rbm}" quantize "$scratch/wide" --name wide --out "$scratch/wide.h" >>"$scratch/log" 2>&1
echo '#include "wide.h"' >"$scratch/wide.c"
! platform/build.sh atmega328p "$scratch/wide.elf" "$scratch/wide.c" >"$scratch/log" 2>&1 &&
    grep -q '#error "wide: weights of 32,768 bytes; a table on AVR has at most 32,767' "$scratch/log"
report "too large a table" "$(tail -n 1 "$scratch/log")"
