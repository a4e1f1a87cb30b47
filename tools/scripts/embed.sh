#!/bin/sh
# Prints a file of the project as C source, for programs that carry it in them: tools/scripts/embed.sh WHAT
#   digits            the digits as values of one C array
#   digits_held_out   those that no model learns from, a row each of an array with two dimensions
#   runtime           rbm/quantized.h as a C++ string, for stand-alone headers
set -eu
cd "$(dirname "$0")/../.."
case $1 in
    digits) sed 's/$/,/' tools/data/digits.csv ;;
    digits_held_out) tail -n 297 tools/data/digits.csv | sed 's/.*/{&},/' ;;
    runtime)
        printf 'R"runtime('
        cat rbm/quantized.h
        printf ')runtime"\n'
        ;;
    *) echo "embed.sh: cannot embed '$1'" >&2 && exit 2 ;;
esac
