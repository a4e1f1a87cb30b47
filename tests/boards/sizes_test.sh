#!/bin/sh
# tests/boards/sizes.sh bounds the stack of a program from above, and not by far: what a run measures is below its bound and
# near to it. platform/sizes.md has the same rows of these boards.
set -u
page=platform/sizes.md
if ! grep -q "(GCC $(arm-none-eabi-gcc -dumpfullversion 2>/dev/null || echo none))" $page; then
    page=
    echo "skipped sizes page: another compiler than the page's (tools/scripts/setup.sh ci on Debian 12)"
fi
tests/boards/sizes.sh microbit virt-rv32 atmega328p 2>&1 | awk -v page="$page" -F ' *[|] *' '
    BEGIN { while (page != "" && (getline row <page) > 0) on_page[row] = 1 }
    $4 ~ /^skipped: / { sub(/skipped: /, "", $4); print "skipped sizes " $2 ": " $4; next }
    /^[|] board|^[|]---/ || (!/^[|]/ && !table) { table = table || /---/; next }
    { name = $2 " " $4; row = $0; gsub(/,/, "") }
    NF != 10 || $8 + 0 < 1 || $9 + 0 < 1 { print "FAILED sizes: no row of a table: " row; next }
    $8 != $8 + 0 { print "FAILED sizes " name ": the bound is in doubt: " row; next }
    $8 < $9 || $8 > $9 + $9 / 8 { print "FAILED sizes " name ": at most " $8 ", measured " $9; next }
    page != "" && !(row in on_page) { print "FAILED sizes " name ": " page " differs (make sizes >" page "): " row; next }
    { print "ok sizes " name }'
