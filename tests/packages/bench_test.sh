#!/bin/sh
# The benchmarks run, on sizes too small to measure anything: every table is printed, fits 100 columns, and scripts
# get their answers. Peers run at their best or without a ratio. Nothing is asserted of times.
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
    fits "$scratch/tables" && threads_agree "$scratch/tables"
}

# The table of threads has four rows for each N, with the same bits. The only turn of `quick` is its own median, so that
# shared / apart must be what it says, within half of the last place of each of the three.
threads_agree() {
    awk '
        /left out: this machine has one processor/ { alone = 1 }
        / same$/ {
            rows += 1
            count = $(NF - 14); us = $(NF - 13); apart = $(NF - 12); shared = $(NF - 8); quotient = $(NF - 4)
            half = count < 10 ? 0.005 : count < 100 ? 0.05 : 0.5
            error = quotient * apart - shared
            if (error < 0) error = -error
            if (us <= 0 || error > half * (1 + quotient) + 0.005 * apart + 0.001) { print; bad = 1 }
        }
        END { exit bad || !alone && (rows < 4 || rows % 4) }' "$1"
}

fits() { ! awk 'length > 100 { print "wider than 100 columns: " $0; wide = 1 } END { exit !wide }' "$1"; }

# answers COUNT WORDS...: bench WORDS answers two lines of input by two lines of COUNT numbers
answers() {
    count=$1
    shift
    printf '1\n1\n' | "$bench" "$@" >"$scratch/answers" || return
    awk -v count="$count" '{ print } NF != count { bad = 1 } END { exit bad || NR != 2 }' "$scratch/answers"
}

# Each peer that is installed is compared, and those that are not are named.
peers() {
    tools/bench/peers.sh quick >"$scratch/peers" || return
    fits "$scratch/peers" || return
    for title in "by hand" "BernoulliRBM" "dense multiplication"; do
        grep -q "$title" "$scratch/peers" || grep -q "left out, " "$scratch/peers" || return
    done
    awk '/^small:/ { print; rows += 1; bad += !/none$/ && $NF <= 0 } END { exit bad }' "$scratch/peers"
}

# What the caller's variables say of BLAS, of threads and of memory does not reach the peers; what makes them keep
# memory does.
environment() {
    printf '#!/bin/sh\n[ "$1" = -c ] || env\n' >"$scratch/python"
    chmod +x "$scratch/python"
    PYTHON=$scratch/python OPENBLAS_CORETYPE=Prescott MALLOC_TRIM_THRESHOLD_=0 OMP_NUM_THREADS=9 LD_PRELOAD='' \
        ATEN_CPU_CAPABILITY=default DNNL_MAX_CPU_ISA=SSE41 GLIBC_TUNABLES=glibc.malloc.check=1 ANYTHING_ELSE=1 \
        PYTHONPATH=of/the/caller tools/bench/peers.sh >"$scratch/environment" || return
    cat "$scratch/environment"
    for line in "Not passed on to peers: .*ATEN_CPU_CAPABILITY .*OPENBLAS_CORETYPE" MALLOC_MMAP_MAX_=0 \
        OMP_NUM_THREADS=1 "MALLOC_TRIM_THRESHOLD_=[1-9]" PYTHONPATH=of/the/caller; do
        grep -q "^$line" "$scratch/environment" || { echo "no $line" && return 1; }
    done
    ! grep -E '^(OPENBLAS_CORETYPE|ATEN|DNNL|GLIBC|LD_PRELOAD|ANYTHING|MALLOC_TRIM_THRESHOLD_=0)' "$scratch/environment"
}

# A peer that is slowed claims no ratio.
no_ratio() {
    (cd tools/bench && "$1" -c "
import blas, compare
assert compare.kernel_fault([[1, 0.05, 1.1], [1, 0.9, 2], [1, 0.05, 1.1]]) is None
assert '33%' in compare.kernel_fault([[1, 0.5, 1.5]] * 3)
assert compare.losses_fault([1.0, 2.0], [1.1, 1.9]) is None and compare.losses_fault([1.0], [3.0])

class Library:
    float32, ones, add = None, staticmethod(lambda shape, dtype: None), staticmethod(lambda a, b, out: None)
    def __init__(self, matmul):
        self.matmul = matmul
assert blas.speed(Library(lambda a, b: None))[1] is None
assert 'libopenblas' in blas.speed(Library(lambda a, b: sum(range(100000))))[1]
")
}

refuses() { ! "$bench" "$@"; }

report tables tables
report training answers 4 training data=digits hidden=8 batch=10 optimizer=sgd rate=0.05 momentum=0.9 persistent=1
report products answers 3 products visible=20 hidden=10 batch=4 real=1 seconds=0.0001
report "an unknown table" refuses nonsense
report "an unknown key" refuses training colour=red
report peers peers
report "peers' environment" environment
python=python3
"$python" -c "import numpy" 2>/dev/null || python=/usr/bin/python3
if "$python" -c "import numpy" 2>/dev/null; then
    report "no ratio" no_ratio "$python"
else
    echo "skipped bench no ratio: NumPy is not installed (Debian: apt-get install python3-numpy)"
fi
report "variants of online learning" tools/bench/online/run.sh quick
report "detectors of what is odd" tools/bench/nab/run.sh quick
