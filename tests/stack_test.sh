#!/bin/sh
# rbm/stack.md says of each public function how much stack it takes, and says enough; rbm/README.md says the most.
set -u
if missing=$(tools/missing_tool.sh arm-none-eabi-g++ python3); then
    echo "skipped stack: $missing"
elif faults=$(tests/stack.py rbm/stack.md 2>&1); then
    echo "ok stack"
else
    echo "FAILED stack: rbm/stack.md says too little (make stack >rbm/stack.md)"
    echo "$faults"
fi

most=$(tr ' ' '\n' <rbm/stack.md | sed -n 's/^\([0-9]*\),\{0,1\}\([0-9]\{3\}\),\{0,1\}$/\1\2/p' | sort -n | tail -n 1)
said=$(sed -n 's/.*No public function takes more than \([0-9.]*\) KB.*/\1/p' rbm/README.md)
if awk -v most="$most" -v said="$said" 'BEGIN { exit !(most > 1000 && most <= said * 1024) }'; then
    echo "ok stack at most: $most bytes"
else
    echo "FAILED stack at most: $most bytes in rbm/stack.md, ${said:-nothing} KB in rbm/README.md"
fi
