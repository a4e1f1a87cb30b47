#!/bin/sh
# Trains a small model of the digits in a moment and writes it as a C header: tests/digits_header.sh FOLDER makes
# FOLDER/digits_rbm.h, with the command that RBM names.
set -eu
"${RBM:-build/rbm}" train digits --hidden 32 --epochs 3 --out "$1/digits.safetensors"
"${RBM:-build/rbm}" quantize "$1/digits.safetensors" --bits 8 --out "$1/digits_rbm.h"
