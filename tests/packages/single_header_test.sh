#!/bin/sh
# rbm_single.hpp, the library as one header: the same bytes wherever it is made, each file of rbm/ in it once, no
# warning from either compiler, and the bits of tests/boards/golden.txt. rbm/quantized.h is made of its parts.
# shellcheck disable=SC2086 # flags are several words
set -u
root=$PWD
mkdir -p build
scratch=$(mktemp -d "$root/build/single.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
warnings=$(cat platform/warnings.txt)

# report NAME COMMAND...: one line for the command's success or failure
report() {
    name=$1
    shift
    if "$@" >"$scratch/log" 2>&1; then
        echo "ok single header $name"
    else
        echo "FAILED single header $name: $(grep -m 1 error "$scratch/log" || tail -n 1 "$scratch/log")"
        cat "$scratch/log"
    fi
}

generate_again() {
    (cd / && LC_ALL=C TZ=UTC "$root/tools/scripts/single_header.sh") >"$scratch/again.hpp" &&
        cmp "$scratch/rbm_single.hpp" "$scratch/again.hpp"
}

# Every line of the folder, but what joins its files, is in the header as often as in them.
holds_all() {
    lines() { grep -v -h -e '^#pragma once' -e '^#include' -e '^// ---- ' -e '^$' "$@" | sort; }
    lines rbm/*.hpp rbm/*.h >"$scratch/lines"
    sed '1,/^\/\/ ---- /d; $d' "$scratch/rbm_single.hpp" | lines >"$scratch/found"
    diff "$scratch/lines" "$scratch/found" && ! grep '^#include "' "$scratch/rbm_single.hpp" &&
        grep 'Permission is hereby granted' "$scratch/rbm_single.hpp" # the licence travels with the copy
}

refuses_both() {
    ! printf '#include "rbm/rbm.hpp"\n#include "rbm_single.hpp"\n' |
        ${CXX:-c++} -std=c++17 -fsyntax-only -I. -I"$scratch" -x c++ - 2>"$scratch/messages" &&
        grep -q 'not both' "$scratch/messages"
}

golden() {
    $1 -std=c++17 $2 -ffp-contract=off $warnings -I"$scratch/overlay" -I. -x c++ tests/boards/golden.cpp \
        platform/desktop/console.c -o "$scratch/golden" && "$scratch/golden" >"$scratch/printed" &&
        cmp tests/boards/golden.txt "$scratch/printed"
}

runtime_is_fresh() {
    (cd / && LC_ALL=C TZ=UTC "$root/tools/scripts/quantized_header.sh") >"$scratch/quantized.h" &&
        { diff rbm/quantized.h "$scratch/quantized.h" || { echo "error: make runtime" && false; }; }
}

report "of the runtime is fresh" runtime_is_fresh
report "is generated" tools/scripts/single_header.sh && tools/scripts/single_header.sh >"$scratch/rbm_single.hpp"
report "is the same again" generate_again
report "holds every line once" holds_all
report "beside rbm/ is refused" refuses_both

# What includes the folder's files gets the single header in their place.
mkdir -p "$scratch/overlay/rbm"
for file in rbm.hpp quantized.h pack.hpp unpack.hpp; do
    echo '#include "../../rbm_single.hpp"' >"$scratch/overlay/rbm/$file"
done
only_library="-x c++ -std=c++17 -ffreestanding -fno-exceptions -fno-rtti"
for compiler in g++ clang++; do
    if ! command -v $compiler >/dev/null 2>&1; then
        echo "skipped single header ($compiler): not installed (tools/scripts/setup.sh ci)"
        continue
    fi
    echo '#include "rbm_single.hpp"' >"$scratch/alone.cpp"
    report "alone, $compiler" $compiler $only_library $warnings -I"$scratch" -fsyntax-only "$scratch/alone.cpp"
    report "golden, $compiler" golden $compiler -O2
done
