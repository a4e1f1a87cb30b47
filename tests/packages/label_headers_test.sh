#!/bin/sh
# Headers of models with labels compile without a warning, as C99 and C++11, alone, as a pair and stand-alone, for
# desktops and, where the compilers are there, for AVR and Cortex-M; their checksums are right.
# shellcheck disable=SC2086 # commands are several words
set -u
rbm=${RBM:-build/rbm}
mkdir -p build
scratch=$(mktemp -d build/labels.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
flags="-Wall -Wextra -Wpedantic -Werror -I. -I$scratch"

# report NAME COMMAND...: one line for the command's success or failure
report() {
    name=$1
    shift
    if "$@" >"$scratch/log" 2>&1; then
        echo "ok labels $name"
    else
        echo "FAILED labels $name: $(grep -m 1 error "$scratch/log" || tail -n 1 "$scratch/log")"
        cat "$scratch/log"
    fi
}

awk 'BEGIN {
    print "x,y,what"
    for (i = 0; i < 600; ++i) {
        run = int(i / 60) % 2
        printf "%.2f,%.2f,%s\n", 50 * sin(i * (run ? 0.9 : 0.3)), 50 * cos(i * 0.3), run ? "run" : "walk"
    }
}' >"$scratch/gait.csv"
"$rbm" train "$scratch/gait.csv" --window 8 --labels what --hidden 4 --epochs 20 --out "$scratch/gait" --quiet >"$scratch/log" 2>&1
"$rbm" train digits --labels digits --hidden 8 --epochs 2 --out "$scratch/digits" --quiet >"$scratch/log" 2>&1
for model in gait digits; do
    "$rbm" quantize "$scratch/$model" --name "$model" --label-names --out "$scratch/$model.h" >"$scratch/log"
    "$rbm" quantize "$scratch/$model" --bits 4 --standalone --label-names --out "$scratch/${model}_pair.c" >"$scratch/log"
done

cat >"$scratch/main.c" <<'END'
#include "digits.h"
#include "gait.h"
static uint32_t scratch[1000], memory[GAIT_STREAM_WORDS];
static int32_t scores[DIGITS_LABELS];
int main(void) {
  static uint8_t seen[RBM_STATE_BYTES(DIGITS_VISIBLE)];
  static rbm_stream stream;
  size_t label = rbm_classify(&digits, rbm_from_bits(seen), scores, scratch);
  rbm_stream_start(&stream, &gait_detector, memory);
  return label >= DIGITS_LABELS || rbm_classifier_checksum(&digits) != DIGITS_CHECKSUM ||
         RBM_READ_8((const uint8_t*)&digits_label_names[7][0]) != '7' ||
         RBM_READ_8((const uint8_t*)&gait_label_names[1][0]) != 'w' ||
         rbm_real_classifier_checksum(&gait) != GAIT_CHECKSUM ||
         rbm_stream_classify(&stream, &gait, scores, scratch) != GAIT_LABELS || rbm_is_odd(&stream);
}
END
cat >"$scratch/pair.c" <<'END'
#include "digits_pair.h"
#include "gait_pair.h"
int main(void) {
  return digits_pair_label_names[7][0] != '7' || rbm_classifier_checksum(&digits_pair) != DIGITS_PAIR_CHECKSUM ||
         rbm_real_classifier_checksum(&gait_pair) != GAIT_PAIR_CHECKSUM;
}
END

runs() { "$@" -o "$scratch/a.out" && "$scratch/a.out"; }

for compiler in gcc clang; do
    command -v $compiler >/dev/null || { echo "skipped labels ($compiler): not installed" && continue; }
    report "as C99 ($compiler)" runs $compiler -std=c99 $flags "$scratch/main.c"
    report "as a pair ($compiler)" runs $compiler -std=c99 $flags "$scratch/pair.c" "$scratch/digits_pair.c" "$scratch/gait_pair.c"
done
for compiler in g++ clang++; do
    command -v $compiler >/dev/null || { echo "skipped labels ($compiler): not installed" && continue; }
    report "as C++11 ($compiler)" runs $compiler -std=c++11 $flags -x c++ "$scratch/main.c"
    report "as a pair of C++11 ($compiler)" runs $compiler -std=c++11 $flags -x c++ "$scratch/pair.c" "$scratch/digits_pair.c" "$scratch/gait_pair.c"
done
for target in "avr-gcc -mmcu=atmega328p" "avr-gcc -mmcu=atmega2560" "arm-none-eabi-gcc -mcpu=cortex-m0 -mthumb"; do
    command -v ${target%% *} >/dev/null || { echo "skipped labels ($target): not installed" && continue; }
    report "for $target" $target -std=c99 -O2 -Wall -Wextra -Werror -I. -I"$scratch" -c "$scratch/main.c" -o "$scratch/main.o"
done
