#!/bin/sh
# What the examples in platform/firmware include: tests/digits_header.sh FOLDER trains a small model of the digits in a
# moment, with the command that RBM names, and writes FOLDER/digits_rbm.h; digits_small.h, which
# has 4 bits a weight and stands alone; and digits.inc, digits_held_out.inc and digits_few.inc, digits as C arrays.
set -eu
"${RBM:-build/rbm}" train digits --hidden 32 --epochs 3 --out "$1/digits.safetensors"
"${RBM:-build/rbm}" quantize "$1/digits.safetensors" --bits 8 --out "$1/digits_rbm.h"
"${RBM:-build/rbm}" quantize "$1/digits.safetensors" --bits 4 --standalone --out "$1/digits_small.h"
sed 's/$/,/' tools/data/digits.csv >"$1/digits.inc"
tail -n 297 tools/data/digits.csv | sed 's/.*/{&},/' >"$1/digits_held_out.inc"
head -n 4 "$1/digits_held_out.inc" >"$1/digits_few.inc"
