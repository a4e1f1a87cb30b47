#!/bin/sh
# Runs tests side by side, one on each core, and counts them: tests/run.sh [TEST...], where a TEST is a file
# tests/FOLDER/NAME_test.cpp or NAME_test.sh; without arguments all of them. RBM names the command under test, beside which
# unit_tests and bench lie. The results are printed in the order of the arguments.
set -u
cd "$(dirname "$0")/.." || exit 1
export RBM="${RBM:-$PWD/build/rbm}"
export MALLOC_PERTURB_=128 # what no code has written is no 0
unset MAKEFLAGS MAKELEVEL # a make that a test starts is none of this make's jobs
[ $# != 0 ] || set -- tests/*/*_test.cpp tests/*/*_test.sh
mkdir -p build
results=$(mktemp -d build/tests.XXXXXX) || exit
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT TERM

# RBM_JOBS is how many cores a test may use itself: half of them where others run beside it.
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
[ $# = 1 ] && share=$cores || share=$(((cores + 1) / 2))
export RBM_JOBS="${RBM_JOBS:-$share}"

# The longest tests start first: one that starts last runs alone at the end. Only the time depends on this list.
longest="tests/boards/boards_test.sh tests/boards/golden_test.sh tests/packages/link_test.sh tests/packages/headers_test.sh
    tests/packages/mpi_test.sh tests/packages/mpi_faults_test.sh tests/boards/stack_test.sh tests/boards/kernels_test.sh
    tests/packages/packaging_test.sh tests/packages/consume_test.sh
    tests/command/faults_test.sh tests/command/kill_test.cpp"

printf '%s\n' "$@" | awk -v longest="$(echo $longest)" '
    { tests[NR] = $0; left[$0] = 1 }
    END {
        first = split(longest, order)
        for (n = 1; n <= NR; ++n) order[first + n] = tests[n]
        for (n = 1; n <= first + NR; ++n)
            if (order[n] in left) {
                print order[n]
                delete left[order[n]]
            }
    }' | xargs -n 1 -P "$cores" sh -c 'tests/run_one.sh "$2" >"$1/$(echo "$2" | tr / .)" 2>&1' sh "$results"

for test in "$@"; do
    result=$results/$(echo "$test" | tr / .)
    [ -s "$result" ] || echo "$test: 0 passed, 1 failed, 0 skipped" >"$result" # the test's shell was killed
    cat "$result"
done | tee "$results/all"

# A result that is not there, or is cut short, is a failure.
awk -v tests=$# '
    /^[^ ].*: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
        ++results
        passed += $2
        failed += $4
        skipped += $6
    }
    END {
        failed += tests - results
        printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
        exit failed != 0
    }' "$results/all"
