#!/bin/sh
# Runs the tests under sanitizers: tests/sanitize.sh [KIND...] with KIND one of address (and undefined behaviour, the
# whole suite), thread (what works with several threads) and memory (valgrind: memory that was never set, the core).
# CXX chooses the compiler. Programs and logs are left in build/sanitize.
set -eu
cd "$(dirname "$0")/.."
compiler=${CXX:-g++}

# build KIND FLAG...: the tests and the command. Warnings are the ordinary build's: sanitizers make false ones. Portable:
# valgrind does not know the widest vectors.
build() {
    folder=build/sanitize/$1-$(basename "$compiler")
    shift
    cmake -S . -B "$folder" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=None -DRBM_INSTALL=OFF \
        -DRBM_PORTABLE=ON -DCMAKE_CXX_FLAGS="$* -w" >"$folder.log" 2>&1 &&
        cmake --build "$folder" --parallel "$(nproc)" --target unit_tests --target rbm-command >>"$folder.log" 2>&1 || {
        tail -n 20 "$folder.log"
        exit 1
    }
}

# check KIND [FILTER]: runs the tests in the files
check() {
    echo "sanitize $1 with $compiler"
    RBM=$PWD/$folder/rbm "$folder/unit_tests" ${2:+-sf="$2"} -m
}

check_address() {
    build address -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
    # Memory is asked for that cannot be had: the command says so, where the sanitizer would stop it.
    ASAN_OPTIONS=allocator_may_return_null=1:detect_stack_use_after_return=1 check address
}

check_thread() {
    build thread -O1 -g -fsanitize=thread
    check thread '*/threads_test.cpp,*/annealing_test.cpp,*/partition_test.cpp,*/trainer_test.cpp'
    # The command, where its loops are shared out.
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    for recipe in tutorial likelihood; do
        "$folder/rbm" train digits --recipe $recipe --hidden 40 --epochs 2 --threads 4 --quiet --out "$work/model"
        "$folder/rbm" evaluate "$work/model" digits-test --temperatures 20 --threads 4 --quiet >"$work/out"
        "$folder/rbm" sample "$work/model" --count 16 --steps 20 --threads 4 --quiet --image "$work/image.png"
    done
    rm -rf "$work"
}

# Without what takes minutes there.
check_memory() {
    build memory -O1 -g
    core=
    for header in rbm/*.hpp; do core="$core*/$(basename "$header" .hpp)_test.cpp,"; done
    valgrind -q --error-exitcode=9 --track-origins=yes "$folder/unit_tests" -m -sf="$core" \
        -tce='*over all floats*,*every*,*normal*,*statistic*'
}

[ $# != 0 ] || set -- address thread memory
mkdir -p build/sanitize
for kind in "$@"; do "check_$kind"; done
