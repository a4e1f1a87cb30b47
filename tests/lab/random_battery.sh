#!/bin/sh
# Holds the library's random numbers against dieharder: tests/lab/random_battery.sh [TEST...], with a TEST dieharder's
# number of it, and where it has several sizes its size after a colon. Without tests, those that tell bad generators
# soonest. A test fails below p = 10^-6; "WEAK", 1 in 100 by chance, is only shown.
set -eu
cd "$(dirname "$0")/../.."
if ! command -v dieharder >/dev/null; then
    echo "random-battery: no dieharder (apt-get install dieharder)" >&2
    exit 1
fi
mkdir -p build
${CXX:-c++} -std=c++17 -O2 -ffp-contract=off -I. tests/lab/random_stream.cpp -o build/random_stream
# Birthday spacings, ranks of 32x32 and 6x8 matrices, bit streams, counted ones, parking lot, spheres in 3-D, runs, craps,
# monobit, runs of bits, serial pairs, bit distribution, minimum distance, permutations, lagged sums, KS, bytes.
[ $# != 0 ] || set -- 0 2 3 4 8 9 10 12 15 16 100 101 102 200:3 200:8 200:12 201:2 201:5 202:2 202:5 203:0 203:7 203:31 \
    204 205 206 207
failed=0
for test in "$@"; do
    # The generator ends by a broken pipe once dieharder has enough.
    lines=$(build/random_stream | dieharder -g 200 -d "${test%:*}" -n "$(expr "$test:0" : '[^:]*:\([0-9]*\)')" -k 2 -Y 0 -c ,) || true
    results=$(echo "$lines" | awk -F , 'NF > 5 && $(NF) ~ /PASSED|WEAK|FAILED/ { print }')
    echo "${results:-$test: no result}"
    case $results in "" | *FAILED*) failed=$((failed + 1)) ;; esac
done
echo "random-battery: $# tests, $failed failed"
[ $failed = 0 ]
