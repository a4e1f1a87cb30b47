"""The 8x8 digits told apart by their pixels and by an RBM's features, in floats and in a device's 8 bits: a logistic
classifier on each.

    make && python3 tools/scripts/compare_features.py

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
    """Of all digits: p(h | v) in floats, and by the integers of an 8-bit header."""
    with tempfile.TemporaryDirectory() as folder:
        part, all_digits, model, header, table = (
            f"{folder}/{name}" for name in ("part.npy", "all.npy", "model", "digits.h", "table.npy"))

        def rbm(*words):
            subprocess.run(["build/rbm", *words, "--quiet"], check=True, stdout=subprocess.DEVNULL)

        def features_of(path):
            rbm("features", path, all_digits, "--out", table)
            return numpy.load(table)

        numpy.save(part, pixels[learned])
        numpy.save(all_digits, pixels)
        rbm("train", part, *TRAIN, "--out", model)
        rbm("quantize", model, "--bits", "8", "--out", header)
        return features_of(model), features_of(header)


def compare(what, splits):
    rows = [[accuracy(values, learned, held_out) for values in (*features(learned), pixels)]
            for learned, held_out in splits]
    floats, integers, raw = (statistics.fmean(column) for column in zip(*rows))
    print(f"{what}: {floats:.4f} told right by features, {integers:.4f} by those of 8 bits, {raw:.4f} by pixels",
          flush=True)


print("rbm train", *TRAIN)
compare("a fifth held out, mean of five", StratifiedKFold(5, shuffle=True, random_state=1).split(pixels, digits.target))
compare("the project's 297 held out", [(numpy.arange(1500), numpy.arange(1500, 1797))])
