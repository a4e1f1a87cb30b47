#!/bin/sh
# What the example firmware includes: tests/boards/digits_header.sh FOLDER trains a small model of the digits in a moment, with
# the command that RBM names, and writes FOLDER/digits_rbm.h, and digits as C arrays: digits.inc, digits_held_out.inc; and what
# platform/examples/mote/header.sh writes.
set -eu
"${RBM:-build/rbm}" train digits --hidden 32 --epochs 3 --out "$1/digits.safetensors"
"${RBM:-build/rbm}" quantize "$1/digits.safetensors" --bits 8 --out "$1/digits_rbm.h"
for table in digits digits_held_out; do tools/scripts/embed.sh $table >"$1/$table.inc"; done
platform/examples/mote/header.sh "$1"
