#!/bin/sh
# Runs the tests under sanitizers: tests/lab/sanitize.sh [KIND...] with KIND one of address (and undefined behaviour), thread
# and memory (valgrind: memory that was never set).
# CXX chooses the compiler. Programs and logs are left in build/sanitize.
set -eu
cd "$(dirname "$0")/../.."
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

# check KIND OPTION...: runs the tests, doctest's options saying which
check() {
    echo "sanitize $1 with $compiler"
    shift
    RBM=$PWD/$folder/rbm "$folder/unit_tests" -m "$@"
}

check_address() {
    build address -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
    # Memory is asked for that cannot be had: the command says so, where the sanitizer would stop it.
    ASAN_OPTIONS=allocator_may_return_null=1:detect_stack_use_after_return=1 check address
}

check_thread() {
    build thread -O1 -g -fsanitize=thread
    # The sanitizer keeps a signal back until its thread calls the system, which between mini-batches it does not.
    check thread -tce='a second interruption*'
}

# Without what takes minutes there: of the core the sweeps, of the command the annealing at many temperatures.
check_memory() {
    build memory -O1 -g
    core=
    for header in rbm/*.hpp; do core="$core*/library/$(basename "$header" .hpp)_test.cpp,"; done
    echo "sanitize memory with $compiler: the core"
    valgrind -q --error-exitcode=9 --child-silent-after-fork=yes --track-origins=yes "$folder/unit_tests" -m -sf="$core" \
        -tce='*over all floats*,*every*,*normal*,*statistic*'
    echo "sanitize memory with $compiler: the command"
    under_valgrind=$PWD/$folder/rbm-under-valgrind
    printf '#!/bin/sh\nexec valgrind -q --error-exitcode=9 "%s" "$@"\n' "$PWD/$folder/rbm" >"$under_valgrind"
    chmod +x "$under_valgrind"
    RBM=$under_valgrind "$folder/unit_tests" -m -tce='evaluate*,*full disk*' \
        -sf='*/features_test.cpp,*/reconstruct_test.cpp,*/filters_test.cpp,*/command/quantize_test.cpp,*/bad_input_test.cpp,*/sample_test.cpp,*/outputs_test.cpp'
}

[ $# != 0 ] || set -- address thread memory
mkdir -p build/sanitize
for kind in "$@"; do "check_$kind"; done
