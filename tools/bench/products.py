"""The products of CD-1 by NumPy's and PyTorch's dense multiplication in turns with ours: products.py ROUNDS|quick

Run by peers.sh from the project's root.
"""

import statistics
import subprocess
import sys

import numpy

from blas import seconds_of, speed

try:
    import torch
    torch.set_num_threads(1)
except ImportError:
    torch = None

VISIBLE, HIDDEN, BATCH = 784, 500, 64
PRODUCTS = ["up: v W'", "down: h W", "gradient: p'v, both phases"]
CASES = [("13% on", dict(share=0.13)), ("half on", dict(share=0.5)), ("all on", dict(share=1)),
         ("real values", dict(real=1))]


def operands(share=1, real=0):
    """What each product multiplies, as dense matrices."""
    random = numpy.random.default_rng(1)

    def matrix(rows, columns):
        return random.random((rows, columns), dtype=numpy.float32)

    def states(rows, columns):
        return matrix(rows, columns) if real else (matrix(rows, columns) < share).astype(numpy.float32)

    weights, v, h = matrix(HIDDEN, VISIBLE) - 0.5, states(2 * BATCH, VISIBLE), states(BATCH, HIDDEN)
    return [(v[:BATCH], weights.T), (h, weights), (matrix(2 * BATCH, HIDDEN).T, v)]


def numpy_products(pairs):
    outs = [numpy.empty((a.shape[0], b.shape[1]), numpy.float32) for a, b in pairs]
    return [lambda a=a, b=b, out=out: numpy.matmul(a, b, out=out) for (a, b), out in zip(pairs, outs)]


def torch_products(pairs):
    return [lambda a=torch.from_numpy(a), b=torch.from_numpy(b): torch.mm(a, b) for a, b in pairs]


def main():
    rounds = 1 if sys.argv[1] == "quick" else int(sys.argv[1])
    libraries = {"NumPy": numpy} | ({"PyTorch": torch} if torch else {})
    speeds = {name: speed(library) for name, library in libraries.items()}
    fault = next((fault for _, fault in speeds.values() if fault), None)
    title = "Products: sums of rows beside dense multiplication (sgemm)"
    print(f"\n{title}\n{'-' * len(title)}")
    print(f"{VISIBLE} visible, {HIDDEN} hidden units, batch {BATCH}; one thread, in turns; "
          "us of processor time, medians.")
    print("The peers' matrices are dense whatever is on. Peer / rbm: of the faster peer, median (range).")
    print(", ".join(f"{name} {libraries[name].__version__}, {sgemm}" for name, (sgemm, _) in speeds.items()))
    if fault:
        print(f"NO RATIO: {fault}")
    print(f"{'':13}{'':30}{'rbm':>9}" + "".join(f"{name:>10}" for name in libraries) + f"{'peer / rbm':>22}")
    for case, options in CASES:
        pairs = operands(**options)
        peers = [numpy_products(pairs)] + ([torch_products(pairs)] if torch else [])
        words = [f"{key}={value}" for key, value in options.items()]
        words += [f"visible={VISIBLE}", f"hidden={HIDDEN}", f"batch={BATCH}"]
        ours = subprocess.Popen(["build/bench", "products", *words], text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE)
        turns = []  # [round][ours, then each peer][product, and their sum]
        for _ in range(rounds):
            print(file=ours.stdin, flush=True)
            times = [[float(word) for word in ours.stdout.readline().split()]]
            times += [[seconds_of(multiply) for multiply in peer] for peer in peers]
            turns.append([row + [sum(row)] for row in times])
        ours.communicate()
        for n, product in enumerate([*PRODUCTS, "all three"]):
            medians = [1e6 * statistics.median(turn[who][n] for turn in turns) for who in range(len(turns[0]))]
            ratios = [min(row[n] for row in turn[1:]) / turn[0][n] for turn in turns]
            shown = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} .. {max(ratios):.2f})" if not fault else "none"
            print(f"{case if n == 0 else '':13}{product:30}{medians[0]:9.1f}"
                  + "".join(f"{value:10.1f}" for value in medians[1:]) + f"{shown:>22}", flush=True)


main()
