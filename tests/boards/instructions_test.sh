#!/bin/sh
# tools/bench/instructions.md has what tools/bench/instructions.sh counts: one board's row of one table, for all.
set -u
page=tools/bench/instructions.md
if missing=$(tools/scripts/missing_tool.sh arm-none-eabi-g++ qemu-system-arm); then
    echo "skipped instructions: $missing"
elif ! grep -q "(GCC $(arm-none-eabi-g++ -dumpfullversion)," $page; then
    echo "skipped instructions: another compiler than the page's compiles otherwise (tools/scripts/setup.sh ci on Debian 12)"
elif ! row=$(tools/bench/instructions.sh digits mps2-an386 | grep '^| Cortex'); then
    echo "FAILED instructions: tools/bench/instructions.sh prints no row"
elif grep -qxF "$row" $page; then
    echo "ok instructions"
else
    echo "FAILED instructions: $page has not: $row (tools/bench/instructions.sh >$page)"
fi
