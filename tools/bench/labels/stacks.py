"""What a stack brings: features of one model, learned with labels by a second. Usage: stacks.py FOLDER [SET...]; the
folder is that of run.sh.

Two models of 32 hidden units each stand beside one model of as many hidden units, 64, and one of the bytes of the two.
All learn by default. What is below, a model of labels or one without, and whether the model above takes features as
readings or as intensities, is what is best on held-out quarters of the learning part, the mean of four trainings.
"""
import itertools
import sys

import numpy as np

from label_sets import BITS, SEEDS, WORK, features, held_out, learn, learn_readings, right, select, sets, spread

BELOW = ABOVE = 32
MODEL = f"{WORK}/model.safetensors"


def weight_bytes(visible, hidden, labels):
    """Of weights of 8 bits, and hidden biases of 16 bits for each label."""
    return visible * hidden + 2 * hidden * labels


def single(name, part, test, hidden, seed):
    learn(name, part, MODEL, "--hidden", hidden, "--seed", seed)
    return right(name, MODEL, test)


def stack(name, part, test, below, meaning, seed):
    if below == "labels":
        learn(name, part, MODEL, "--hidden", BELOW, "--seed", seed)
    else:
        learn_readings(name, part[0], MODEL, "--hidden", BELOW, "--seed", seed,
                       *([] if name in BITS else ["--factors", 0]))
    part, test = (features(name, MODEL, each) for each in (part, test))
    learn(meaning, part, MODEL, "--hidden", ABOVE, "--seed", seed)
    return right(meaning, MODEL, test)


print("| set | one model of 64 | one of the bytes of the stack | stack of 32 and 32 | below; features as |")
print("|---|---|---|---|---|")
for name, part, test in sets(sys.argv[1], " ".join(sys.argv[2:]) or "satellite vowel ecg digits"):
    found = {}
    for way in itertools.product(("labels", "no labels"), ("readings", "intensities")):
        values = []
        for k, out in enumerate(held_out(name, len(part[1]))):
            rest = select(part, np.setdiff1d(np.arange(len(part[1])), out))
            values.append(stack(name, rest, select(part, out), *way, k + 1))
        found[way] = np.mean(values)
    best = max(found, key=found.get)
    print(name, found, file=sys.stderr, flush=True)
    visible, labels = part[0].shape[1], len(np.unique(part[1]))
    of_stack = weight_bytes(visible, BELOW, 1) + weight_bytes(BELOW, ABOVE, labels)
    same = of_stack // weight_bytes(visible, 1, labels)
    print(f"| {name} | {spread([single(name, part, test, 64, seed) for seed in SEEDS])} "
          f"| {spread([single(name, part, test, same, seed) for seed in SEEDS])} ({same} units) "
          f"| {spread([stack(name, part, test, *best, seed) for seed in SEEDS])} | {'; '.join(best)} |", flush=True)
