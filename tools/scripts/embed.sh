#!/bin/sh
# Prints a file of the project as C source, for programs that carry it in them: tools/scripts/embed.sh WHAT
#   digits            the digits as values of one C array
#   digits_held_out   those that no model learns from, a row each of an array with two dimensions
#   runtime           rbm/quantized.h as C++ strings of 500 lines, for stand-alone headers: compilers need not take
#                     strings beyond 64 KB
set -eu
cd "$(dirname "$0")/../.."
case $1 in
    digits) sed 's/$/,/' tools/data/digits.csv ;;
    digits_held_out) tail -n 297 tools/data/digits.csv | sed 's/.*/{&},/' ;;
    runtime)
        awk 'NR % 500 == 1 { printf "%sR\"runtime(", (NR > 1 ? ")runtime\",\n" : "") } { print } END { print ")runtime\"" }' \
            rbm/quantized.h
        ;;
    *) echo "embed.sh: cannot embed '$1'" >&2 && exit 2 ;;
esac
