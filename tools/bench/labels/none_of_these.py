"""How well an example that is none of the labels is told from the others. Usage: none_of_these.py FOLDER [--held-out]
[SET...]; the folder is that of run.sh, MNIST, where named, that of the variable MNIST.

Each class in turn is left out of learning (of MNIST every third; 5,000 pictures are learned, 2,000 tested). The AUC of
a score is the chance that a test example of that class has a higher one than a test example of another: the mean over
classes, and over seeds with the least and the largest. With --held-out the last quarter of the learning part is in the
place of the test part.
"""
import json
import os
import sys

import numpy as np

from label_sets import BITS, SEEDS, WORK, command, held_out, maximum, mnist, select, sets, spread, write

HIDDEN = {"digits": 32, "satellite": 16, "vowel": 16, "MNIST": 64}
EPOCHS = {"MNIST": ["--epochs", 20]}
WEIGHTS = (1, 0.9)
MODEL = f"{WORK}/model.safetensors"


def tensors(path):
    with open(path, "rb") as file:
        heading = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        numbers = file.read()
    heading.pop("__metadata__")
    return {name: np.frombuffer(numbers[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).astype(float)
            for name, entry in heading.items()}


def log_sum_exp(values):
    most = values.max(1, keepdims=True)
    return (most + np.log(np.exp(values - most).sum(1, keepdims=True)))[:, 0]


def states(name, readings, model, thresholded):
    if name in BITS:
        intensities = readings / float(BITS[name])
        return (intensities >= 0.5).astype(float) if thresholded else intensities
    columns = readings.shape[1]
    return (readings - model["v_offset"][:columns]) / model["v_scale"][:columns]


def scores_of(name, readings, thresholded, labels):
    """p(y | v) of the model, and its scores of how unusual each example is."""
    model = tensors(MODEL)
    v = states(name, readings, model, thresholded)
    visible = v.shape[1]
    inputs = v @ model["W"][:, :visible].T + model["h_bias"]
    each = np.stack([model["v_bias"][visible + y] + np.logaddexp(0, inputs + model["W"][:, visible + y]).sum(1)
                     for y in range(labels)], 1)
    energy = -log_sum_exp(each)
    free_energy = energy - v @ model["v_bias"][:visible] + (0 if name in BITS else (v**2).sum(1) / 2)
    p = np.exp(each + energy[:, None])
    entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(1)
    return p, {"F(v)": free_energy, "1 - largest p": 1 - p.max(1), "entropy": entropy, "energy": energy}


def auc(usual, odd):
    both = np.concatenate([usual, odd])
    values, places, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return (ranks[len(usual):].sum() - len(odd) * (len(odd) + 1) / 2) / (len(usual) * len(odd))


def rarity(values, of):
    """Which share of usual examples is as unusual, less for unusual ones, as a score: its negative logarithm."""
    above = len(of) - np.searchsorted(np.sort(of), values, side="left")
    return -np.log((above + 1) / (len(of) + 1))


def neighbours(name, learned, asked):
    """Distances to the nearest class mean and to the 5th neighbour, readings standardized."""
    mean, deviation = (0, 1) if name in BITS else (learned[0].mean(0), learned[0].std(0) + 1e-9)
    a, b = (learned[0] - mean) / deviation, (asked - mean) / deviation
    means = np.array([a[learned[1] == y].mean(0) for y in np.unique(learned[1])])

    def squares(points):
        return (b**2).sum(1)[:, None] - 2 * b @ points.T + (points**2).sum(1)
    return {"nearest class mean": squares(means).min(1), "5th neighbour": np.partition(squares(a), 4, axis=1)[:, 4]}


def measure(name, part, test):
    classes = np.unique(part[1])[::3 if name == "MNIST" else 1]
    found, accuracy = {}, {}
    for out in classes:
        rest = select(part, part[1] != out)
        kept = np.unique(rest[1])
        usual = test[1] != out

        def take(way, scores):
            for which, values in scores.items():
                found.setdefault((way, which), {}).setdefault(out, []).append(auc(values[usual], values[~usual]))

        table = write(*rest)
        take("no model", neighbours(name, rest, test[0]))
        for seed in SEEDS:
            for weight in WEIGHTS:
                thresholded = name in BITS and weight < 1
                command("train", table, "--labels", rest[0].shape[1] + 1, *maximum(name), "--hidden", HIDDEN[name],
                        "--label-weight", weight, "--seed", seed, *EPOCHS.get(name, []),
                        *(["--visible", "thresholded"] if thresholded else []), "--out", MODEL)
                p, scores = scores_of(name, test[0], thresholded, len(kept))
                accuracy.setdefault(weight, []).append(100 * (kept[p.argmax(1)] == test[1])[usual].mean())
                _, known = scores_of(name, rest[0], thresholded, len(kept))
                scores["F(v) or 1 - largest p, the rarer"] = np.maximum(
                    *(rarity(scores[which], known[which]) for which in ("F(v)", "1 - largest p")))
                take(f"weight {weight:g}", scores)
    for (way, which), of in found.items():
        of_seeds = [np.mean(values) for values in zip(*of.values())]  # over classes
        worst = min(np.mean(values) for values in of.values())
        print(f"| {name} | {way} | {which} | {spread(of_seeds, 3)} | {worst:.3f} |", flush=True)
    for weight, values in accuracy.items():
        print(f"| {name} | weight {weight:g} | right, % | {np.mean(values):.1f} | |", flush=True)


def all_sets(folder, names):
    yield from sets(folder, " ".join(name for name in names if name != "MNIST"))
    if "MNIST" in names:
        (pictures, labels), test = (mnist(os.environ["MNIST"], part) for part in ("train", "t10k"))
        yield "MNIST", (pictures[:5000], labels[:5000]), (test[0][:2000], test[1][:2000])


words = [word for word in sys.argv[1:] if word != "--held-out"]
print("| set | model | score | AUC, mean over classes (seeds) | worst class |")
print("|---|---|---|---|---|")
for name, part, test in all_sets(words[0], words[1:] or ["satellite", "vowel", "digits"]):
    if len(words) < len(sys.argv) - 1:
        out = held_out(name, len(part[1]))[3]
        part, test = select(part, np.setdiff1d(np.arange(len(part[1])), out)), select(part, out)
    measure(name, part, test)
