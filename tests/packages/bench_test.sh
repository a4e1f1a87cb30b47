#!/bin/sh
# The benchmarks run, on sizes too small to measure anything: every table is printed, fits 100 columns, and scripts
# get their answers. Nothing is asserted of times.
set -u
bench=${RBM%/*}/bench
if [ ! -x "$bench" ]; then
    echo "skipped bench: it is not built (make build/bench)"
    exit 0
fi
mkdir -p build
scratch=$(mktemp -d build/bench_test.XXXXXX)
trap 'rm -rf "$scratch"' EXIT

# report NAME COMMAND...: one line for the command's success or failure
report() {
    name=$1
    shift
    if "$@" >"$scratch/log" 2>&1; then
        echo "ok bench $name"
    else
        echo "FAILED bench $name: $(tail -n 1 "$scratch/log")"
        cat "$scratch/log"
    fi
}

tables() {
    "$bench" quick >"$scratch/tables" || return
    for title in "Peak memory" "The command as a whole" "by phase: Adam" "by phase: SGD" "Cost as work grows" \
        Threads "Inference beside"; do
        grep -q "$title" "$scratch/tables" || { echo "no table of '$title'" && return 1; }
    done
    ! awk 'length > 100 { print "wider than 100 columns: " $0; wide = 1 } END { exit !wide }' "$scratch/tables"
}

# answers COUNT WORDS...: bench WORDS answers two lines of input by two lines of COUNT numbers
answers() {
    count=$1
    shift
    printf '1\n1\n' | "$bench" "$@" >"$scratch/answers" || return
    awk -v count="$count" '{ print } NF != count { bad = 1 } END { exit bad || NR != 2 }' "$scratch/answers"
}

refuses() { ! "$bench" "$@"; }

report tables tables
report training answers 2 training data=digits hidden=8 batch=10 optimizer=sgd rate=0.05 momentum=0.9 persistent=1
report products answers 3 products visible=20 hidden=10 batch=4 real=1 seconds=0.0001
report "an unknown table" refuses nonsense
report "an unknown key" refuses training colour=red
report "variants of online learning" tools/bench/online/run.sh quick
