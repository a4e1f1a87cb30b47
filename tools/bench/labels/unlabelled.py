"""What examples without a label bring. Usage: unlabelled.py FOLDER [SET...]; the folder is that of run.sh.

So many examples of the learning part have a label, drawn by the seed, at least one of each. 16 hidden units learn these
few alone, or all examples together, the others without a label. --label-weight and --weight-decay of each way and
number are those that are best on held-out quarters of the learning part, the mean of four trainings. That takes more
labels than the few, which flatters both ways, and more the one that has more to choose from.
"""
import itertools
import sys

import numpy as np

from label_sets import SEEDS, WORK, held_out, learn, right, select, sets, spread

COUNTS = (50, 100, 300)
DECAYS = (0.0003, 0.003, 0.01)
ALONE = [(1, decay) for decay in DECAYS] + [(0.9, decay) for decay in DECAYS[:2]]
TOGETHER = list(itertools.product((0.999, 0.99, 0.9, 0.5), DECAYS[:2]))
MODEL = f"{WORK}/unlabelled.safetensors"


def few(labels, count, seed):
    """The rows that keep their label."""
    rows = np.random.default_rng(seed).permutation(len(labels))
    first = [next(row for row in rows if labels[row] == label) for label in np.unique(labels)]
    others = [row for row in rows if row not in first]
    return np.array(sorted(first + others[:count - len(first)]))


def options(setting, seed):
    weight, decay = setting
    return ["--hidden", 16, "--label-weight", weight, "--weight-decay", decay, "--seed", seed]


def alone(name, part, rows, test, setting, seed):
    learn(name, select(part, rows), MODEL, *options(setting, seed))
    return right(name, MODEL, test)


def together(name, part, rows, test, setting, seed):
    labels = np.full(len(part[1]), -1)
    labels[rows] = part[1][rows]
    learn(name, (part[0], labels), MODEL, *options(setting, seed))
    return right(name, MODEL, test)


def measure(name, part, test):
    for count in COUNTS:
        if count > 0.7 * len(part[1]):
            continue
        for way, grid in ((alone, ALONE), (together, TOGETHER)):
            found = {}
            for setting in grid:
                values = []
                for k, out in enumerate(held_out(name, len(part[1]))):
                    rest = select(part, np.setdiff1d(np.arange(len(part[1])), out))
                    values.append(way(name, rest, few(rest[1], count, k + 1), select(part, out), setting, k + 1))
                found[setting] = np.mean(values)
            best = max(found, key=found.get)
            values = [way(name, part, few(part[1], count, seed), test, best, seed) for seed in SEEDS]
            print(f"| {name}, {count} | {way.__name__} | {spread(values)} | {best[0]:g}, {best[1]:g} | "
                  f"{found[best]:.1f} |", flush=True)
            print(name, count, way.__name__, found, file=sys.stderr, flush=True)


print("| set, labels | way | right, % | weight, decay | held out |")
print("|---|---|---|---|---|")
for name, part, test in sets(sys.argv[1], " ".join(sys.argv[2:]) or "satellite vowel ecg digits"):
    measure(name, part, test)
