#!/bin/sh
# What a model of MNIST at 16x16 pixels does in 12 KB of flash and 2 KB of RAM: trains, quantizes and measures it, and
# builds the program for a Cortex-M0. Usage: small_mnist.sh MNIST [LABELWEIGHT]; MNIST has the four IDX files.
# HELD_OUT=10000 measures on so many of the pictures to learn from instead, to choose settings by; SEEDS="1 2" measures fewer
# seeds. A seed takes a minute and a half of one core.
set -eu
cd "$(dirname "$0")/../../.."
mnist=${1:?usage: small_mnist.sh MNIST [LABELWEIGHT]}
label_weight=${2:-0.998}
held_out=${HELD_OUT:-0}
seeds=${SEEDS:-1 2 3 4 5}
python=${PYTHON:-python3}
rbm=${RBM:-build/rbm}
here=tools/bench/labels
work=build/small_mnist/$held_out
mkdir -p "$work"
"$python" $here/small_mnist.py "$mnist" "$work" "$held_out"

for seed in $seeds; do
    "$rbm" train "$work/learn-images" --labels "$work/learn-labels" --hidden 52 --label-weight "$label_weight" \
        --batch 100 --learning-rate 0.006 --weight-decay 0 --epochs 16 --seed "$seed" --threads 1 --quiet \
        --out "$work/small.safetensors"
    "$rbm" quantize "$work/small.safetensors" --bits 4 --tune "$work/learn-images" --tune-labels "$work/learn-labels" \
        --epochs 4 --seed "$seed" --threads 1 --quiet --name small --out "$work/small.h" >"$work/quantized"
    "${CC:-cc}" -std=c99 -O2 -DRBM_BITS=4 -I. -I"$work" $here/small_mnist_figures.c -lm -o "$work/figures"
    "$work/figures" "$work/test-images" "$work/test-labels" "$work/greys-images" "$work/made_up_$seed.pgm" |
        sed "s/^/seed $seed: /"
done

# The program with a start of its own, and the same on the emulated board, which says how much stack it took.
# shellcheck disable=SC2046 # a flag for each
arm-none-eabi-gcc -std=c99 -Os -mthumb -mcpu=cortex-m0 -mfloat-abi=soft -ffreestanding -ffunction-sections \
    -fdata-sections -fno-tree-loop-distribute-patterns -DRBM_BITS=4 -I. -I"$work" -nostdlib -Wl,--gc-sections \
    -T platform/boards/bare-metal/board.ld $(printf -- '-Wl,--defsym=%s ' code_at=0 code_size=0x3000 ram_at=0x20000000 \
        ram_size=0x800 large_at=0x21000000 large_size=0 stack_size=0x2c0) \
    $here/small_mnist.c $here/small_mnist_start.c platform/boards/bare-metal/memory.c -lgcc -o "$work/small.elf"
platform/build.sh microbit "$work/measured.elf" $here/small_mnist.c platform/boards/stack_report.c -- \
    -Os -DRBM_BITS=4 -I"$work" -Wl,--wrap=main
stack=$(platform/run.sh microbit "$work/measured.elf" | sed -n 's/^stack bytes: //p')
arm-none-eabi-size -A "$work/small.elf" | awk -v stack="$stack" '
    $1 == ".text" || $1 == ".rodata" || $1 == ".data" { flash += $2 }
    $1 == ".data" || $1 == ".bss" { ram += $2 }
    END { printf "flash: %d bytes of 12,288; RAM: %d bytes of variables and %d of stack, of 2,048\n", flash, ram, stack }'
