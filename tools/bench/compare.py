"""The same training by peers in turns with ours, on one thread: compare.py ROUNDS|quick PEER...

Run by peers.sh from the project's root. A peer is a script beside this one, with what it is (NAME), what it did (DID),
the library that multiplies for it (LIBRARY) and a class Peer: made from the data and the work, its epoch() trains one
and returns the mean loss of an example.
"""

import importlib
import os
import resource
import statistics
import subprocess
import sys
import time

import numpy

import blas

MNIST = "build/mnist/train-images-idx3-ubyte"
TUTORIAL = dict(data=MNIST, hidden=500, batch=64, optimizer="adam", rate=0.005, momentum=0, persistent=0)
MOMENTUM = dict(TUTORIAL, optimizer="sgd", rate=0.05, momentum=0.9)
PERSISTENT = dict(TUTORIAL, optimizer="sgd", rate=0.05, persistent=1)
SMALL = dict(data="digits", hidden=32, batch=10)

# Title, work, epochs a turn.
COMPARISONS = {
    "pytorch_tutorial": [("CD-1, Adam 0.005", TUTORIAL, 1)],
    "pytorch_by_hand": [
        ("CD-1, Adam 0.005", TUTORIAL, 1),
        ("CD-1, SGD 0.05, momentum 0.9", MOMENTUM, 1),
        ("small: CD-1, Adam 0.005", dict(TUTORIAL, **SMALL), 20),
    ],
    "scikit_learn": [
        ("persistent chains, SGD 0.05", PERSISTENT, 1),
        ("small: persistent chains, SGD", dict(PERSISTENT, **SMALL), 20),
    ],
}


class Ours:
    """build/bench, which trains epochs when told to."""

    def __init__(self, work):
        words = [f"{key}={value}" for key, value in work.items()]
        self.process = subprocess.Popen(["build/bench", "training", *words], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def epochs(self, count):
        print(count, file=self.process.stdin, flush=True)
        *seconds, loss = map(float, self.process.stdout.readline().split())
        return seconds, loss

    def end(self):
        self.process.communicate()


class Theirs:
    def __init__(self, module, data, work):
        self.peer = module.Peer(data, work)

    def epochs(self, count):
        start = spent()
        losses = [self.peer.epoch() for _ in range(count)]
        seconds = [(b - a) / count for a, b in zip(start, spent())]
        return seconds, None if losses[0] is None else statistics.fmean(losses)


def spent():
    """Seconds of this program's own processor time, of the kernel's for it, and of the clock."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime, usage.ru_stime, time.perf_counter()


def read(name):
    if name == "digits":
        return numpy.loadtxt("tools/data/digits.csv", delimiter=",", dtype=numpy.float32)[:1500] / 16
    images = numpy.fromfile(name, dtype=numpy.uint8, offset=16).reshape(-1, 784)
    return images.astype(numpy.float32) / 255


def spread(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f} .. {max(values):.1f})"


def row(what, ours, theirs, ratio, wall):
    times = "".join(f"{cell:>7}" for cell in [*ours, *theirs])
    return f"{what:30}{times}{ratio:>20}{wall:>7}".rstrip()


def kernel_fault(turns):
    """Why a peer that took [user, kernel, wall] seconds in each turn is not at its best, or None."""
    share = statistics.median(kernel / (user + kernel) for user, kernel, _ in turns)
    if share < 0.1:
        return None
    return f"the kernel takes {share:.0%} of its time (is it memory that its allocator returns?)"


def losses_fault(ours, theirs):
    """Prints the losses of both, if the peer reports them; returns why they are not the same work, or None."""
    if None in theirs:
        return None
    apart = max(abs(a - b) for a, b in zip(ours, theirs))

    def shown(losses):
        return " ".join(f"{loss:.2f}" for loss in losses)

    print(f"    loss: rbm {shown(ours)}, peer {shown(theirs)}", flush=True)
    return None if apart < 0.5 else "the losses do not agree (is it the same work?)"


def compare(module, title, work, epochs, rounds, data, fault):
    ours, theirs = Ours(work), Theirs(module, data, work)
    turns = []  # [round][ours, theirs][[user, kernel, wall], loss]
    for _ in range(rounds):
        if work["persistent"]:  # the peer begins anew, and so do we
            ours.end()
            ours = Ours(work)
        turns.append((ours.epochs(epochs), theirs.epochs(epochs)))
    ours.end()
    unit = 1 if work["data"] == MNIST else 1e-6 * len(data)
    times = [[turn[who][0] for turn in turns] for who in (0, 1)]  # [who][round][user, kernel, wall]
    medians = [[f"{statistics.median(column) / unit:.2f}" for column in zip(*each)] for each in times]
    processor = [(b[0] + b[1]) / (a[0] + a[1]) for a, b in zip(*times)]
    wall = statistics.median(b[2] / a[2] for a, b in zip(*times))
    fault = fault or kernel_fault(times[1])
    print(row(title, *medians, "none" if fault else spread(processor), "none" if fault else f"{wall:.1f}"), flush=True)
    fault = losses_fault(*([turn[who][1] for turn in turns] for who in (0, 1))) or fault
    if fault:
        print(f"    NO RATIO: {fault}", flush=True)


def main():
    quick, peers = sys.argv[1] == "quick", sys.argv[2:]
    data = {}
    for name in peers:
        module = importlib.import_module(name)
        sgemm, fault = blas.speed(module.LIBRARY)
        title = f"rbm and {module.NAME}"
        print(f"\n{title}\n{'-' * len(title)}\nThe peer: {module.DID}.\nIts BLAS does {sgemm}.")
        print("Seconds an epoch of MNIST; small: digits, 64 visible, 32 hidden units, batch 10, us an example.")
        print("Processor time of the program (user) and of the kernel for it, and time by the clock (wall).")
        print(row("", ["rbm:", "", ""], ["peer:", "", ""], "peer / rbm:", ""))
        print(row("", ["user", "kernel", "wall"] * 2, [], "processor (range)", "wall"))
        for what, work, epochs in COMPARISONS[name]:
            path = work["data"]
            if quick and path != "digits":
                continue
            if path != "digits" and not os.path.exists(path):
                print(f"{what:30} left out: no MNIST (tools/scripts/fetch_mnist.sh brings it)")
                continue
            if path not in data:
                data[path] = read(path)
            compare(module, what, work, 1 if quick else epochs, 1 if quick else int(sys.argv[1]), data[path], fault)


if __name__ == "__main__":
    main()
