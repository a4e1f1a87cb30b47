#!/bin/sh
# rbm/stack.md says of each public function how much stack it takes, and says enough.
set -u
if ! command -v arm-none-eabi-g++ >/dev/null; then
    echo "skipped stack: no arm-none-eabi-g++ (tools/setup.sh ci)"
elif faults=$(tests/stack.py rbm/stack.md 2>&1); then
    echo "ok stack"
else
    echo "FAILED stack: rbm/stack.md says too little (make stack >rbm/stack.md)"
    echo "$faults"
fi
