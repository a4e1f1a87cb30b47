"""The 8x8 digits told apart by their pixels and by an RBM's features: a logistic classifier on each.

    make && python3 tools/compare_features.py

Five parts of the digits are held out in turn: neither the RBM nor the classifier sees them before they are judged.
Then once more with the 297 that the project holds out, which are harder, being by other writers. Needs NumPy and
scikit-learn (Debian: python3-sklearn), whose copy of the digits has the labels.
"""

import statistics
import subprocess
import tempfile

import numpy
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

TRAIN = "--hidden 256 --optimizer sgd --learning-rate 0.05 --batch 10 --epochs 60 --shuffle".split()
digits = load_digits()
pixels = (digits.data / 16).astype(numpy.float32)


def accuracy(values, learned, held_out):
    classifier = LogisticRegression(C=10, max_iter=5000).fit(values[learned], digits.target[learned])
    return classifier.score(values[held_out], digits.target[held_out])


def features(learned):
    with tempfile.TemporaryDirectory() as folder:
        part, all_digits, model, table = (f"{folder}/{name}" for name in ("part.npy", "all.npy", "model", "table.npy"))
        numpy.save(part, pixels[learned])
        numpy.save(all_digits, pixels)
        subprocess.run(["build/rbm", "train", part, *TRAIN, "--out", model, "--quiet"], check=True)
        subprocess.run(["build/rbm", "features", model, all_digits, "--out", table, "--quiet"], check=True)
        return numpy.load(table)


def compare(what, splits):
    pairs = [(accuracy(features(learned), learned, held_out), accuracy(pixels, learned, held_out))
             for learned, held_out in splits]
    ours, raw = (statistics.fmean(column) for column in zip(*pairs))
    print(f"{what}: {ours:.3f} told right by features, {raw:.3f} by pixels", flush=True)


print("rbm train", *TRAIN)
compare("a fifth held out, mean of five", StratifiedKFold(5, shuffle=True, random_state=1).split(pixels, digits.target))
compare("the project's 297 held out", [(numpy.arange(1500), numpy.arange(1500, 1797))])
