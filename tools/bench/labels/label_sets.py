"""What the scripts of this folder share: the sets, how parts are held out, the command as a function, cells of tables.

A set is (name, learn, test), a part (readings [examples][readings], labels [examples] whole numbers, -1 for none).
"""
import gzip
import json
import os
import subprocess
import sys

import numpy as np

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
RBM = os.environ.get("RBM", os.path.join(ROOT, "build/rbm"))
WORK = os.path.join(ROOT, "build/labels", os.path.splitext(os.path.basename(sys.argv[0]))[0])
SEEDS = [int(seed) for seed in os.environ.get("SEEDS", "1 2 3 4 5").split()]
BITS = {"digits": "16", "MNIST": "255", "intensities": "1"}  # sets of intensities of bits, and the value of intensity 1


def table(path):
    opened = gzip.open(path) if path.endswith(".gz") else open(path)
    with opened as file:
        numbers = np.loadtxt(file, delimiter=",")
    return numbers[:, :-1], numbers[:, -1].astype(int)


def sets(folder, names="satellite vowel ecg digits"):
    for name in names.split():
        if name == "digits":
            pictures, labels = table(os.path.join(ROOT, "tools/data/digits.csv"))
            yield name, (pictures[:1500], labels[:1500]), (pictures[1500:], labels[1500:])
        else:
            yield name, table(f"{folder}/{name}_learn.csv.gz"), table(f"{folder}/{name}_test.csv.gz")


def mnist(folder, part):
    """Pictures and labels of `train` or `t10k`."""
    def numbers(name, heading):
        with open(f"{folder}/{part}-{name}-ubyte", "rb") as file:
            return np.frombuffer(file.read()[heading:], np.uint8)
    return numbers("images-idx3", 16).reshape(-1, 784).astype(float), numbers("labels-idx1", 8).astype(int)


def held_out(name, examples):
    """The four parts of the rows that are held out in turn: blocks, so that other writers and speakers are held out; of
    satellite every fourth row, since its test part is of the same scene."""
    rows = np.arange(examples)
    return [rows[k::4] for k in range(4)] if name == "satellite" else np.array_split(rows, 4)


def write(readings, labels=None):
    """The path of a table of readings, whose last column has the labels, if any, empty where there is none."""
    os.makedirs(WORK, exist_ok=True)
    path = f"{WORK}/part.csv"
    with open(path, "w") as file:
        for n, row in enumerate(readings):
            text = ",".join(f"{value:.9g}" for value in row)
            file.write(text + ("" if labels is None else f",{labels[n] if labels[n] >= 0 else ''}") + "\n")
    return path


def command(*words):
    """What `rbm` says on standard output."""
    done = subprocess.run([RBM, *map(str, words), "--quiet", "--threads", "1"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"rbm {' '.join(map(str, words))}: {done.stderr}")
    return done.stdout


def maximum(name):
    return ["--maximum", BITS[name]] if name in BITS else []


def learn(name, part, model, *options):
    """Learns the labels of a part; `model` is a path."""
    command("train", write(*part), "--labels", part[0].shape[1] + 1, *maximum(name), "--out", model, *options)


def learn_readings(name, readings, model, *options):
    """Learns what examples look like, without labels, for the likelihood."""
    command("train", write(readings), *maximum(name), "--recipe", "likelihood", "--out", model, *options)


def right(name, model, part):
    """How many of a hundred labels are told right."""
    said = command("classify", model, write(*part), "--labels", part[0].shape[1] + 1, *maximum(name), "--json")
    return 100 * json.loads(said.splitlines()[-1])["accuracy"]


def features(name, model, part):
    """p(h | v) [examples][hidden] of a model, beside the labels of the part."""
    command("features", model, write(part[0]), *maximum(name), "--out", f"{WORK}/part.npy")
    return np.load(f"{WORK}/part.npy").astype(float), part[1]


def select(part, rows):
    return part[0][rows], part[1][rows]


def spread(values, digits=1):
    """A cell of a table: the mean, with the least and the largest."""
    return f"{np.mean(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"
