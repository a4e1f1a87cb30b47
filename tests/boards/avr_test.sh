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
# Tables at odd addresses, on both sides of a border: what others write in place of RBM_FLASH aligns nothing.
mkdir "$scratch/odd" && cp "$scratch/small/pictures.inc" "$scratch/odd" &&
    sed 's/\] RBM_FLASH = {/] __attribute__((section(".progmem.odd"))) = {/' "$scratch/small/model.h" >"$scratch/odd/model.h"
for address in 0x4001 0xff21 0x10003; do
    platform/build.sh atmega2560 "$scratch/odd.elf" tests/boards/runtime.c -- -I"$scratch/odd" \
        "-Wl,--defsym=tables_at=$address" >"$scratch/log" 2>&1 &&
        avr-nm "$scratch/odd.elf" | grep -q '[13579bdf] . model_weights$' &&
        platform/run.sh atmega2560 "$scratch/odd.elf" >"$scratch/printed" 2>"$scratch/log" &&
        cmp -s "$scratch/printed" "$scratch/expected"
    report "tables at odd addresses from $address on" "$(cat "$scratch/log" "$scratch/printed" | head -n 1)"
done

# Labels: the border in hidden biases, so that a label's lie beyond it, and in biases of labels.
${CC:-cc} -std=c99 -O2 -I. -I"$scratch/labels" tests/boards/labels.c platform/desktop/console.c -o "$scratch/labels/host" &&
    "$scratch/labels/host" >"$scratch/labels/expected" && grep -q '^100 pictures, models whole$' "$scratch/labels/expected"
report "labels on this machine" "$(head -n 1 "$scratch/labels/expected")"
for board_and_address in atmega328p "atmega2560 0xfaa4" "atmega2560 0xff4c" "atmega2560 0xfff6" "atmega2560 0x1ff4c" \
    "atmega2560 0x30000"; do
    board=${board_and_address% *} address=${board_and_address#* }
    read_board "$board"
    far="-Wl,--defsym=tables_at=$address"
    [ "$board" != "$address" ] || far=
    # shellcheck disable=SC2086 # one flag or none
    platform/build.sh "$board" "$scratch/labels.elf" tests/boards/labels.c -- -I"$scratch/labels" $far >"$scratch/log" 2>&1 &&
        platform/run.sh "$board" "$scratch/labels.elf" >"$scratch/printed" 2>"$scratch/log" &&
        cmp -s "$scratch/printed" "$scratch/labels/expected"
    report "labels, $board_and_address" "$(cat "$scratch/log" "$scratch/printed" | head -n 1)"
done

# Three models in one source, of 80 KB.
three_models() {
    rbm=${RBM:-build/rbm} seed=0
    for model in first second third; do
        seed=$((seed + 1))
        "$rbm" train digits --hidden 400 --epochs 1 --seed $seed --quiet --out "$scratch/many" || return
        "$rbm" quantize "$scratch/many" --name $model --standalone --out "$scratch/$model.h" >&2 || return
        echo "#include \"$model.h\""
    done >"$scratch/many.c"
    cat >>"$scratch/many.c" <<'END'
#include "platform/console.h"
static uint8_t seen[8] = {1, 2, 3}, features[400];
static uint32_t scratch[RBM_SCRATCH_WORDS(64, 400)];
static void show(const rbm_quantized* model) {
  uint32_t hash = rbm_checksum(model);
  rbm_features(model, rbm_from_bits(seen), features, scratch);
  for (int i = 0; i < 400; ++i) hash = hash * 31 + features[i];
  console_write_hexadecimal(hash);
  console_write("\n");
}
int main(void) {
  show(&first);
  show(&second);
  show(&third);
  return 0;
}
END
    ${CC:-cc} -std=c99 -I. "$scratch/many.c" platform/desktop/console.c -o "$scratch/on_host" &&
        "$scratch/on_host" >"$scratch/expected" && platform/build.sh atmega2560 "$scratch/many.elf" "$scratch/many.c" &&
        platform/run.sh atmega2560 "$scratch/many.elf" >"$scratch/printed" && cmp "$scratch/printed" "$scratch/expected"
}
three_models >"$scratch/log" 2>&1
report "three models of 27 KB in one source" "$(tail -n 1 "$scratch/log")"

# Clang ignores what puts tables into flash.
echo '#include "rbm/quantized.h"' >"$scratch/clang.c"
if missing=$(missing_tool clang); then
    echo "skipped avr Clang: $missing"
else
    ! clang --target=avr -mmcu=atmega328p -ffreestanding -I. -fsyntax-only "$scratch/clang.c" >"$scratch/log" 2>&1 &&
        grep -q "error: \"Clang leaves tables out of an AVR's flash" "$scratch/log"
    report "Clang is stopped in words" "$(head -n 1 "$scratch/log")"
fi

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
