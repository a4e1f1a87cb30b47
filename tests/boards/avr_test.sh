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

# report $? NAME WHY: the last command's success or failure; shells differ in what $? is behind a $(command)
report() {
    if [ "$1" = 0 ]; then echo "ok avr $2"; else echo "FAILED avr $2: $3"; fi
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
report $? "stand-alone on this machine" "$(grep -m 1 error "$scratch/log")"
on_board >"$scratch/log" 2>&1
report $? "builds and runs" "$(tail -n 1 "$scratch/log")"
grep -v ' bytes: ' "$scratch/printed" | cmp -s - "$scratch/expected" && grep -q '^100 pictures, model whole$' "$scratch/expected"
report $? "the same bytes" "prints other lines than this machine"

variables=$(avr-size -A "$scratch/integers.elf" | awk '$1 == ".data" || $1 == ".bss" { sum += $2 } END { print sum }')
stack=$(sed -n 's/^stack bytes: //p' "$scratch/printed")
[ "$((variables + stack))" -lt 2048 ] && [ "$variables" -gt 0 ] && [ "$stack" -gt 0 ]
report $? "RAM: $variables bytes of variables, $stack of stack" "more than 2,048 bytes together"

# build_far SOURCE FOLDER ADDRESS: with tables from this address on
build_far() {
    platform/build.sh "$board" "$scratch/far.elf" "$1" -- -I"$scratch/$2" "-Wl,--defsym=tables_at=$3"
}
# place_of TABLE: its address and size
place_of() { avr-nm -S "$scratch/far.elf" | sed -n "s/^\([0-9a-f]*\) \([0-9a-f]*\) . $1\$/0x\1 0x\2/p"; }
# run_far NAME EXPECTED SOURCE FOLDER PLACE [ODD]: PLACE is where tables begin, or TABLE@BORDER: where they must begin for the border
# to lie in the middle of this one; the address of weights is then as odd as ODD, if it is given
run_far() {
    name=$1 expected=$2 source=$3 folder=$4 place=$5 odd=${6:-} address=${5#*@} table=${5%@*}
    if [ "$table" != "$place" ]; then
        build_far "$source" "$folder" 0x10000 >"$scratch/log" 2>&1
        # shellcheck disable=SC2046 # two words
        set -- $(place_of "$table")
        address=$((address - (${1:-0} - 0x10000) - ${2:-0} / 4 * 2))
    fi
    build_far "$source" "$folder" $((address + ${odd:-0})) >"$scratch/log" 2>&1 || return
    if [ "$table" != "$place" ]; then
        # shellcheck disable=SC2046
        set -- $(place_of "$table")
        if [ "$(($1 / 0x10000))" = "$((($1 + $2 - 1) / 0x10000))" ]; then
            echo "no border lies in $table" >"$scratch/log"
            return 1
        fi
    fi
    [ -z "$odd" ] || place_of model_weights | grep -q '[13579bdf] ' || return
    platform/run.sh "$board" "$scratch/far.elf" >"$scratch/printed" 2>"$scratch/log" && cmp -s "$scratch/printed" "$expected"
}
# far NAME ...: as run_far does
far() {
    run_far "$@"
    report $? "$1" "$(cat "$scratch/log" "$scratch/printed" | head -n 1)"
}

# Tables on both sides of 64 KB and of 128 KB, and all beyond: on an ATmega2560 with code behind them.
read_board atmega2560
for place in 0xf800 model_weights@0x10000 model_visible_bias@0x10000 rbm_softplus_table@0x10000 0x10000 model_weights@0x20000 \
    0x30000; do
    far "tables, $place" "$scratch/expected" tests/boards/runtime.c small $place
done
# Tables at odd addresses, on both sides of a border: what others write in place of RBM_FLASH aligns nothing.
mkdir "$scratch/odd" && cp "$scratch/small/pictures.inc" "$scratch/odd" &&
    sed 's/\] RBM_FLASH = {/] __attribute__((section(".progmem.odd"))) = {/' "$scratch/small/model.h" >"$scratch/odd/model.h"
for place in 0x4000 model_weights@0x10000 0x10002; do
    far "tables at odd addresses, $place" "$scratch/expected" tests/boards/runtime.c odd $place 1
done

# Labels: the border in hidden biases, so that a label's lie beyond it, and in biases of labels.
${CC:-cc} -std=c99 -O2 -I. -I"$scratch/labels" tests/boards/labels.c platform/desktop/console.c -o "$scratch/labels/host" &&
    "$scratch/labels/host" >"$scratch/labels/expected" && grep -q '^100 pictures, models whole$' "$scratch/labels/expected"
report $? "labels on this machine" "$(head -n 1 "$scratch/labels/expected")"
for place in greys_hidden_bias@0x10000 pixels_hidden_bias@0x10000 pixels_label_bias@0x10000 pixels_hidden_bias@0x20000 0x30000; do
    far "labels, $place" "$scratch/labels/expected" tests/boards/labels.c labels $place
done
read_board atmega328p
platform/build.sh atmega328p "$scratch/labels.elf" tests/boards/labels.c -- -I"$scratch/labels" >"$scratch/log" 2>&1 &&
    platform/run.sh atmega328p "$scratch/labels.elf" >"$scratch/printed" 2>"$scratch/log" &&
    cmp -s "$scratch/printed" "$scratch/labels/expected"
report $? "labels, atmega328p" "$(cat "$scratch/log" "$scratch/printed" | head -n 1)"

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
report $? "three models of 27 KB in one source" "$(tail -n 1 "$scratch/log")"

# Clang ignores what puts tables into flash.
echo '#include "rbm/quantized.h"' >"$scratch/clang.c"
if missing=$(missing_tool clang); then
    echo "skipped avr Clang: $missing"
else
    ! clang --target=avr -mmcu=atmega328p -ffreestanding -I. -fsyntax-only "$scratch/clang.c" >"$scratch/log" 2>&1 &&
        grep -q "error: \"Clang leaves tables out of an AVR's flash" "$scratch/log"
    report $? "Clang is stopped in words" "$(head -n 1 "$scratch/log")"
fi

# A header of before, which does not say where its tables lie, is stopped in words.
sed 's/^#if RBM_QUANTIZED_FORMAT != 2.*/#if RBM_QUANTIZED_FORMAT != 2/' "$scratch/small/model.h" >"$scratch/older.h"
echo '#include "older.h"' >"$scratch/older.c"
! platform/build.sh atmega2560 "$scratch/older.elf" "$scratch/older.c" >"$scratch/log" 2>&1 &&
    grep -q '#error "model: generate this header anew' "$scratch/log"
report $? "a header of before" "$(tail -n 1 "$scratch/log")"

# A model whose weights an AVR cannot address is stopped in words.
"${RBM:-build/rbm}" train digits --hidden 512 --epochs 1 --quiet --out "$scratch/wide" >"$scratch/log" 2>&1 &&
    "${RBM:-build/rbm}" quantize "$scratch/wide" --name wide --out "$scratch/wide.h" >>"$scratch/log" 2>&1
echo '#include "wide.h"' >"$scratch/wide.c"
! platform/build.sh atmega328p "$scratch/wide.elf" "$scratch/wide.c" >"$scratch/log" 2>&1 &&
    grep -q '#error "wide: weights of 32,768 bytes; a table on AVR has at most 32,767' "$scratch/log"
report $? "too large a table" "$(tail -n 1 "$scratch/log")"
