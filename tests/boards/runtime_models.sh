#!/bin/sh
# What runtime.c and labels.c include: tests/boards/runtime_models.sh FOLDER writes a model and a hundred pictures that it has
# not learned from, model.h and pictures.inc, to FOLDER/small: 64 x 32 units, 4 bits, stand-alone, digits; and to
# FOLDER/large: 784 x 500 units, 8 bits, MNIST where build/mnist has it, else digits made as large. To FOLDER/labels it
# writes two models of 64 x 16 units with ten labels, of bits and of readings, pixels.h and greys.h, of 4 bits and stand-alone.
set -eu
rbm=${RBM:-build/rbm}
small=$1/small large=$1/large labels=$1/labels
mkdir -p "$small" "$large" "$labels"

# bytes MAXIMUM: lines of numbers from 0 to this as rows of a C array of bytes
bytes() {
    awk -v maximum="$1" '{
        printf "{"
        for (n = 1; n <= NF; ++n) printf "%d,", $n * 255 / maximum
        print "},"
    }'
}
digits() { cut -d, -f1-64 tools/data/digits.csv | tr , ' '; }
# 28 x 28 pixels: each of 8 x 8 nine times, and a border of two.
enlarge() {
    awk '{
        for (row = 0; row < 28; ++row)
            for (column = 0; column < 28; ++column) {
                inside = row >= 2 && row < 26 && column >= 2 && column < 26
                printf "%d ", inside ? $(int((row - 2) / 3) * 8 + int((column - 2) / 3) + 1) : 0
            }
        print ""
    }'
}

"$rbm" train digits --hidden 32 --epochs 3 --out "$small/model.safetensors"
"$rbm" quantize "$small/model.safetensors" --bits 4 --standalone --out "$small/model.h"
digits | tail -n 100 | bytes 16 >"$small/pictures.inc"

cp "$small/pictures.inc" "$labels"
for model in pixels greys; do
    visible="sampled --maximum 16"
    [ $model = pixels ] || visible=real
    # shellcheck disable=SC2086 # several words
    "$rbm" train tools/data/digits.csv --labels 65 --visible $visible --hidden 16 --epochs 3 --out "$labels/$model.safetensors"
    "$rbm" quantize "$labels/$model.safetensors" --bits 4 --name $model --standalone --out "$labels/$model.h"
done

if [ -e build/mnist/train-images-idx3-ubyte ]; then
    set -- build/mnist/train-images-idx3-ubyte
    od -An -v -tu1 -w784 -j16 -N78400 build/mnist/t10k-images-idx3-ubyte | bytes 255 >"$large/pictures.inc"
else
    digits | head -n 1500 | enlarge | sed 's/ $//; s/ /,/g' >"$large/digits.csv"
    digits | tail -n 100 | enlarge | bytes 16 >"$large/pictures.inc"
    set -- "$large/digits.csv" --maximum 16
fi
"$rbm" train "$@" --epochs 1 --out "$large/model.safetensors"
"$rbm" quantize "$large/model.safetensors" --bits 8 --out "$large/model.h"
