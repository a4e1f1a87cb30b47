#!/bin/sh
# tests/boards/sizes.sh bounds the stack of a program from above, and not by far: what a run measures is below its bound and
# near to it.
set -u
tests/boards/sizes.sh microbit virt-rv32 atmega328p 2>&1 | awk '
    $3 == "skipped:" { board = $1; sub(/.*skipped: /, ""); print "skipped sizes " board ": " $0; next }
    NR <= 2 { next }
    NF != 8 || $7 + 0 < 1 || $8 + 0 < 1 { print "FAILED sizes: no row of a table: " $0; next }
    $7 != $7 + 0 { print "FAILED sizes " $1 " " $3 ": the bound is in doubt: " $0; next }
    $7 < $8 || $7 > $8 + $8 / 8 { print "FAILED sizes " $1 " " $3 ": at most " $7 ", measured " $8; next }
    { print "ok sizes " $1 " " $3 }'
