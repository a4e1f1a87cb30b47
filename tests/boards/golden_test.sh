#!/bin/sh
# The same bits everywhere: tests/boards/golden.cpp prints tests/boards/golden.txt, whatever compiler builds it for this
# machine (boards_test.sh: for others). golden.txt is what g++ -O0 on x86-64 prints; only a change that is meant to change results changes it:
#   g++ -std=c++17 -O0 -ffp-contract=off -I. -x c++ tests/boards/golden.cpp platform/desktop/console.c -o build/golden &&
#     build/golden >tests/boards/golden.txt
set -u
mkdir -p build
scratch=$(mktemp -d build/golden.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
warnings=$(cat platform/warnings.txt)
program="-x c++ -std=c++17 -I. tests/boards/golden.cpp platform/desktop/console.c -o $scratch/golden"

# has NAME TOOL...: whether the test NAME can run here
has() {
    name=$1
    shift
    for tool in "$@"; do
        if ! command -v "$tool" >/dev/null 2>&1; then
            echo "skipped golden $name: no $tool (tools/scripts/setup.sh ci)"
            return 1
        fi
    done
}

# shellcheck disable=SC2086 # flags are several words
on_host() { "$@" $warnings $program && "$scratch/golden"; }
# shellcheck disable=SC2086
on_aarch64() { aarch64-linux-gnu-g++ -static "$@" $warnings $program && qemu-aarch64 "$scratch/golden"; }

# The first stage in which what was printed differs from golden.txt.
first_difference() {
    diff tests/boards/golden.txt "$scratch/printed" | sed -n 's/^[<>] golden \([^ ]*\) .*/\1/p' | head -n 1
}

# check NAME COMMAND...: the command builds the program and prints what it prints
check() {
    name=$1
    shift
    if ! "$@" >"$scratch/printed" 2>"$scratch/log"; then
        echo "FAILED golden $name: does not build or run: $(grep -m 1 error "$scratch/log")"
        cat "$scratch/log" "$scratch/printed"
    elif cmp -s tests/boards/golden.txt "$scratch/printed"; then
        echo "ok golden $name"
    elif [ "$(first_difference)" = fusion ]; then
        echo "FAILED golden $name: multiplications and additions are fused; compile with -ffp-contract=off"
    else
        echo "FAILED golden $name: other bits from stage '$(first_difference)' on"
        diff tests/boards/golden.txt "$scratch/printed"
    fi
}

for compiler in g++ clang++; do
    has "$compiler" "$compiler" || continue
    check "$compiler -O0" on_host $compiler -O0 -ffp-contract=off
    check "$compiler -Os" on_host $compiler -Os -ffp-contract=off
    check "$compiler -O3 -march=native" on_host $compiler -O3 -march=native -ffp-contract=off
done
# The width of vectors between those of -O0 and of the newest processors.
if grep -q -w avx2 /proc/cpuinfo 2>/dev/null && has "g++ -O3 -mavx2" g++; then
    check "g++ -O3 -mavx2 -mfma" on_host g++ -O3 -mavx2 -mfma -ffp-contract=off
fi

if has AArch64 aarch64-linux-gnu-g++ qemu-aarch64; then
    # The probe must tell a build that fuses, as AArch64 can and GCC does if it may.
    if on_aarch64 -O2 -ffp-contract=fast >"$scratch/printed" && [ "$(first_difference)" = fusion ]; then
        echo "ok golden tells a build that fuses"
    else
        echo "FAILED golden tells a build that fuses: its stage 'fusion' does not differ"
    fi
fi
