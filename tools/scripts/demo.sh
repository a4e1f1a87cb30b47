#!/bin/sh
# The whole path in about a minute: real digits, a model, a C header, a device that repairs noisy digits (`make demo`).
set -eu
cd "$(dirname "$0")/../.."
demo=build/demo
model=$demo/digits.safetensors
board=mps2-an385
mkdir -p $demo

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi
step() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
# Shows a command before it runs, to be copied and changed.
run() { echo "\$ $*" && "$@"; }
has_command() { command -v "$1" >/dev/null 2>&1; }

step "1. Build the rbm command"
${MAKE:-make} build/rbm $demo/digits_held_out.inc

step "2. Learn 1,500 handwritten digits of 8x8 pixels; 297 more are kept aside"
# Thresholded, because the firmware sees black and white.
run build/rbm train digits --hidden 96 --visible thresholded --optimizer sgd --batch 10 --epochs 40 \
    --gibbs-steps 5 --weight-decay 0.003 --shuffle --out $model

step "3. Turn the model into a C header with 8-bit weights"
run build/rbm quantize $model --bits 8 --out $demo/digits_rbm.h

step "4. Repair digits that it has never seen, in C99 with integers only"
c_compiler=${CC:-cc}
has_command "${c_compiler%% *}" || c_compiler=${CXX:-c++}
# shellcheck disable=SC2086 # a compiler and its flags
$c_compiler -std=c99 -O2 -I$demo -I. -o $demo/denoise \
    -x c platform/examples/denoise.c -x c platform/desktop/console.c
$demo/denoise >$demo/denoise.txt
cat $demo/denoise.txt

step "5. The same firmware on a microcontroller"
if has_command arm-none-eabi-gcc && has_command qemu-system-arm; then
    platform/build.sh $board $demo/denoise.elf platform/examples/denoise.c -- -I$demo
    platform/run.sh $board $demo/denoise.elf >$demo/denoise-board.txt
    cmp $demo/denoise.txt $demo/denoise-board.txt
    echo "An emulated Arm Cortex-M3, which has no floating-point unit, printed the same, byte for byte."
else
    echo "Left out: it needs a cross compiler and an emulator, Debian's packages gcc-arm-none-eabi and qemu-system-arm."
fi

step "6. Draw what it has learned"
run build/rbm filters $model --image $demo/filters.png
run build/rbm reconstruct $model digits-test --visible thresholded --count 32 --image $demo/pairs.png
run build/rbm sample $model --count 64 --steps 1000 --image $demo/samples.png

cat <<END

${bold}Look at${plain}
  $demo/filters.png     what each of the 96 hidden units looks for
  $demo/pairs.png       held-out digits beside their reconstructions
  $demo/samples.png     digits that the model makes up
  $demo/digits_rbm.h    the model as C
${bold}Try next${plain}
  build/rbm help    all commands
  build/rbm evaluate $model digits-test    how good the model is
  build/rbm train YOURS.csv --out yours.safetensors    your own readings or bits: one example a line
  tools/scripts/fetch_mnist.sh    bring MNIST; then learn it in ten epochs:
  build/rbm train build/mnist/train-images-idx3-ubyte --out build/mnist.safetensors
END
