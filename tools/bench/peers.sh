#!/bin/sh
# rbm beside PyTorch, scikit-learn and NumPy, in turns: tools/bench/peers.sh [quick]
#   quick    one turn of the smallest work, too short to measure anything
#   ROUNDS   turns of each comparison, 3 unless set
#   PYTHON   an interpreter to look for peers in before the usual ones
set -eu
cd "$(dirname "$0")/../.."
rounds=${ROUNDS:-3}
[ "${1:-}" != quick ] || rounds=quick

# Variables that can make a peer slow: they choose an old kernel of BLAS, an allocator, or checks.
slowing='(MKL|OPENBLAS|NVPL|ARMPL|GOTO|BLIS|ATEN|DNNL|ONEDNN|OMP|GOMP|KMP|TORCH|PYTORCH|NPY|SKLEARN|MALLOC|TCMALLOC'
slowing="$slowing"'|MIMALLOC)_.*|GLIBC_TUNABLES|LD_PRELOAD|PYTHON(MALLOC|DEVMODE|TRACEMALLOC)'

# Runs a command in an environment of its own, where a peer is at its best: of the caller's variables only those that
# programs and libraries are found by, one thread, and glibc's allocator told to keep memory. As installed, it returns
# the memory of each step to the kernel and takes it again, a third of PyTorch's time.
at_best() {
    for name in PATH HOME TMPDIR LD_LIBRARY_PATH PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX PYENV_ROOT; do
        eval "[ -z \"\${$name+set}\" ] || set -- \"$name=\$$name\" \"\$@\""
    done
    env -i OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 BLIS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 \
        MALLOC_TOP_PAD_=268435456 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=4294967295 "$@"
}

# The first interpreter that has this module, and NumPy.
python_with() {
    for python in ${PYTHON:-} python3 /usr/bin/python3; do
        if at_best "$python" -c "import numpy, $1" >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
}

echo "Beside peers: one thread, in turns ($rounds), medians"
ignored=$(env | sed -n 's/^\([A-Za-z0-9_]*\)=.*/\1/p' | grep -xE "$slowing" | sort | xargs)
[ -z "$ignored" ] || echo "Not passed on to peers: $ignored"
pytorch=$(python_with torch)
scikit_learn=$(python_with sklearn)
if [ -n "$pytorch" ]; then
    at_best "$pytorch" tools/bench/compare.py "$rounds" pytorch_tutorial pytorch_by_hand
else
    echo "PyTorch: left out, not installed (Debian: apt-get install python3-torch libopenblas0)"
fi
if [ -n "$scikit_learn" ]; then
    at_best "$scikit_learn" tools/bench/compare.py "$rounds" scikit_learn
else
    echo "scikit-learn: left out, not installed (Debian: apt-get install python3-sklearn libopenblas0)"
fi
python=${pytorch:-$(python_with numpy)}
if [ -n "$python" ]; then
    at_best "$python" tools/bench/products.py "$rounds"
else
    echo "Products: left out, NumPy is not installed (Debian: apt-get install python3-numpy libopenblas0)"
fi
