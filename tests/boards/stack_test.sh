#!/bin/sh
# rbm/stack.md says of each public function how much stack it takes, as the compiler does.
set -u
if missing=$(tools/scripts/missing_tool.sh arm-none-eabi-g++ python3); then
    echo "skipped stack: $missing"
elif ! grep -q "(GCC $(arm-none-eabi-g++ -dumpfullversion))" rbm/stack.md; then
    echo "skipped stack: another compiler than the page's allots otherwise (tools/scripts/setup.sh ci on Debian 12)"
elif faults=$(tests/boards/stack.py 2>&1 | diff rbm/stack.md - 2>&1); then
    echo "ok stack"
else
    echo "FAILED stack: rbm/stack.md says other than the compiler (make stack >rbm/stack.md)"
    echo "$faults"
fi
