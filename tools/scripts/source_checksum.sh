#!/bin/sh
# Prints a checksum of the sources of the library and the command: one number for one tree, however, where and by which
# compiler it is built, as every build of it gives the same bits.
set -eu
cd "$(dirname "$0")/../.."
export LC_ALL=C
find rbm platform tools -type f \( -name '*.[ch]pp' -o -name '*.h' -o -name digits.csv \) |
    grep '^rbm/\|^platform/desktop/\|^platform/mpi/\|^tools/' | grep -v '^tools/bench/' | sort | xargs cksum | cksum |
    cut -d ' ' -f 1
