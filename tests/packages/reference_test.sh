#!/bin/sh
# The reference is made from the doc comments without a warning, and holds what it should.
set -u
if ! command -v doxygen >/dev/null 2>&1; then
    echo "skipped reference: no doxygen (tools/scripts/setup.sh ci)"
    exit 0
fi
mkdir -p build
scratch=$(mktemp -d build/reference.XXXXXX)
trap 'rm -rf "$scratch"' EXIT

if tools/scripts/reference.sh "$scratch" >"$scratch/log" 2>&1 && [ ! -s "$scratch/log" ]; then
    echo "ok reference without a warning"
else
    echo "FAILED reference without a warning: $(head -n 1 "$scratch/log")"
    cat "$scratch/log"
fi

# holds PAGE TEXT: tags left aside
holds() {
    if sed 's/<[^>]*>//g' "$scratch/$1" | grep -q "$2"; then
        echo "ok reference of $2"
    else
        echo "FAILED reference of $2: not in $1"
    fi
}
holds index.html "Four ideas"
holds rbm_8hpp.html "The guided tour"
holds namespacerbm.html "free_energy"
holds structrbm_1_1Trainer.html "Trainer"
holds quantized_8h.html "rbm_reconstruct"
