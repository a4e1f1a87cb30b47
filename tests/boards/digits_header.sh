#!/bin/sh
# What the example firmware includes: tests/boards/digits_header.sh FOLDER trains a small model of the digits in a moment, with
# the command that RBM names, and writes FOLDER/digits_rbm.h, and digits as C arrays: digits.inc, digits_held_out.inc; and what
# platform/examples/mote/header.sh writes. classes_rbm.h tells the digits apart, known_rbm.h all but nines.
set -eu
"${RBM:-build/rbm}" train digits --hidden 32 --epochs 3 --out "$1/digits.safetensors"
"${RBM:-build/rbm}" quantize "$1/digits.safetensors" --bits 8 --out "$1/digits_rbm.h"
head -n 1500 tools/data/digits.csv >"$1/classes.csv"
grep -v ',9$' "$1/classes.csv" >"$1/known.csv"
for model in classes known; do
    "${RBM:-build/rbm}" train "$1/$model.csv" --labels 65 --visible means --maximum 16 --hidden 16 --out "$1/$model.safetensors"
    "${RBM:-build/rbm}" quantize "$1/$model.safetensors" --bits 8 --name ${model}_rbm --out "$1/${model}_rbm.h"
done
for table in digits digits_held_out; do tools/scripts/embed.sh $table >"$1/$table.inc"; done
platform/examples/mote/header.sh "$1"
