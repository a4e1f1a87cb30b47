#!/bin/sh
# All benchmarks, as `make bench` runs them: tools/bench/run.sh
#   ROUNDS   turns of each comparison, 3 unless set
#   PYTHON   an interpreter to look for peers in before the usual ones
set -eu
cd "$(dirname "$0")/../.."
rounds=${ROUNDS:-3}
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1

# The first interpreter that has this module, and NumPy.
python_with() {
    for python in ${PYTHON:-} python3 /usr/bin/python3; do
        if "$python" -c "import numpy, $1" >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
}

build/bench commands phases scaling threads inference

echo
echo "Beside peers: one thread, in turns ($rounds), processor time, median (range)"
pytorch=$(python_with torch)
scikit_learn=$(python_with sklearn)
if [ -n "$pytorch" ]; then
    "$pytorch" tools/bench/compare.py "$rounds" pytorch_tutorial pytorch_by_hand
else
    echo "PyTorch: left out, not installed (Debian: apt-get install python3-torch)"
fi
if [ -n "$scikit_learn" ]; then
    "$scikit_learn" tools/bench/compare.py "$rounds" scikit_learn
else
    echo "scikit-learn: left out, not installed (Debian: apt-get install python3-sklearn)"
fi
python=${pytorch:-$(python_with numpy)}
if [ -n "$python" ]; then
    "$python" tools/bench/products.py "$rounds"
else
    echo "Products: left out, NumPy is not installed (Debian: apt-get install python3-numpy)"
fi
