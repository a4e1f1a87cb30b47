"""The same training by peers in turns with ours, on one thread: compare.py ROUNDS PEER...

Run by run.sh from the project's root. A peer is a script beside this one, with what it is (NAME), what it did (DID)
and a class Peer: made from the data and the work, its epoch() trains one and returns the mean loss of an example.
"""

import importlib
import os
import statistics
import subprocess
import sys
import time

import numpy

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
        ("small: persistent chains, SGD 0.05", dict(PERSISTENT, **SMALL), 20),
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
        seconds, loss = self.process.stdout.readline().split()
        return float(seconds), float(loss)

    def end(self):
        self.process.communicate()


class Theirs:
    def __init__(self, module, data, work):
        self.peer = module.Peer(data, work)

    def epochs(self, count):
        start = time.process_time()
        losses = [self.peer.epoch() for _ in range(count)]
        seconds = (time.process_time() - start) / count
        return seconds, None if losses[0] is None else statistics.fmean(losses)


def read(name):
    if name == "digits":
        return numpy.loadtxt("tools/data/digits.csv", delimiter=",", dtype=numpy.float32)[:1500] / 16
    images = numpy.fromfile(name, dtype=numpy.uint8, offset=16).reshape(-1, 784)
    return images.astype(numpy.float32) / 255


def spread(values, decimals):
    median, low, high = statistics.median(values), min(values), max(values)
    return f"{median:.{decimals}f} ({low:.{decimals}f} .. {high:.{decimals}f})"


def row(what, ours, theirs, ratio):
    return f"{what:34} {ours:>22} {theirs:>22} {ratio:>19}"


def print_losses(ours, theirs):
    if None in theirs:
        return
    apart = max(abs(a - b) for a, b in zip(ours, theirs))
    verdict = "they agree" if apart < 0.3 else "they DO NOT AGREE: is it the same work?"

    def shown(losses):
        return " ".join(f"{loss:.2f}" for loss in losses)

    print(f"    loss: rbm {shown(ours)}, peer {shown(theirs)}: {verdict}", flush=True)


def compare(module, title, work, epochs, rounds, data):
    ours, theirs = Ours(work), Theirs(module, data, work)
    turns = []  # [round][ours, theirs][seconds, loss]
    for _ in range(rounds):
        if work["persistent"]:  # the peer begins anew, and so do we
            ours.end()
            ours = Ours(work)
        turns.append((ours.epochs(epochs), theirs.epochs(epochs)))
    ours.end()
    unit = 1 if work["data"] == MNIST else 1e-6 * len(data)
    our_seconds, their_seconds = ([turn[who][0] / unit for turn in turns] for who in (0, 1))
    ratios = [b / a for a, b in zip(our_seconds, their_seconds)]
    print(row(title, spread(our_seconds, 2), spread(their_seconds, 2), spread(ratios, 1)), flush=True)
    print_losses(*([turn[who][1] for turn in turns] for who in (0, 1)))


def main():
    rounds, peers = int(sys.argv[1]), sys.argv[2:]
    data = {}
    for name in peers:
        module = importlib.import_module(name)
        title = f"rbm and {module.NAME}"
        print(f"\n{title}\n{'-' * len(title)}\nThe peer: {module.DID}.")
        print("Seconds an epoch of MNIST; small: digits, 64 visible, 32 hidden units, batch 10, us an example.")
        print(row("", "rbm", "peer", "peer / rbm"))
        for what, work, epochs in COMPARISONS[name]:
            path = work["data"]
            if path != "digits" and not os.path.exists(path):
                print(f"{what:34} left out: no MNIST (tools/scripts/fetch_mnist.sh brings it)")
                continue
            if path not in data:
                data[path] = read(path)
            compare(module, what, work, epochs, rounds, data[path])


main()
