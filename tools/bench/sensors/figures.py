#!/usr/bin/env python3
"""What tools/bench/sensors/run.sh needs beside the command: noise, generated data, and its tables. Standard library only.

usage: figures.py noise CLEAN NOISY             adds Gaussian noise of 10 dB, prints its deviation
       figures.py gain CLEAN NOISY CLEANED      how much nearer to CLEAN the cleaned readings are, in dB
       figures.py gaussian READINGS FOLDER      learn.csv, test.csv: examples of one full Gaussian; prints nats of the truth
       figures.py nats SCORES TRUTH READINGS    mean of -log p (last column) less the truth's, a reading
       figures.py bits FOLDER                   digits of bits, as they are and with 3 and 6 of 64 pixels wrong: learn.csv,
                                                normal.csv, wrong_N.csv, and frequencies_NAME.csv, scores by a frequency a pixel
       figures.py seconds COMMAND...            runs it, prints the seconds of processor time that it took
       figures.py tables RESULTS                tables of lines `what|set|value`, one a seed
"""
import csv, math, random, resource, subprocess, sys

decibels, examples = 10, 5000
odd_sets = ["ecg", "ecg_artefact", "mote_multi_1_changes", "mote_multi_3_changes", "mote_single_1_changes",
            "mote_single_4_changes", "shuttle", "satellite"]
columns = ["integers_8", "integers_4", "floats_16", "floats", "baseline", "seconds"]


def numbers(path):
    with open(path, newline="") as f:
        rows = [row for row in csv.reader(f) if row]
    try:
        return [[float(x) for x in row] for row in rows]
    except ValueError:
        return [[float(x) for x in row] for row in rows[1:]]  # a heading


def write(path, rows):
    with open(path, "w") as f:
        f.writelines(",".join(f"{x:.9g}" for x in row) + "\n" for row in rows)


def squared_error(rows, others):
    return sum((x - y) ** 2 for row, other in zip(rows, others, strict=True) for x, y in zip(row, other, strict=True))


def add_noise(clean_path, noisy_path):
    clean = numbers(clean_path)
    power = sum(x * x for row in clean for x in row) / sum(map(len, clean))
    deviation = math.sqrt(power / 10 ** (decibels / 10))
    draw = random.Random(1)
    write(noisy_path, [[x + draw.gauss(0, deviation) for x in row] for row in clean])
    print(f"{deviation:.6g}")


def gain(clean_path, noisy_path, cleaned_path):
    clean, noisy, cleaned = map(numbers, (clean_path, noisy_path, cleaned_path))
    print(f"{10 * math.log10(squared_error(noisy, clean) / squared_error(cleaned, clean)):.3f}")


def gaussian(readings, folder):
    """Readings r = A z + e, with all of A normal and independent e: variances from about 1 to several, all correlated."""
    draw = random.Random(readings)
    factors = [[draw.gauss(0, 1 / math.sqrt(readings)) for _ in range(readings)] for _ in range(readings)]
    deviation = 0.5
    covariance = [[sum(a * b for a, b in zip(row, other)) + (deviation**2 if i == j else 0)
                   for j, other in enumerate(factors)] for i, row in enumerate(factors)]
    lower = [[0.0] * readings for _ in range(readings)]  # Cholesky's factor
    for i in range(readings):
        for j in range(i + 1):
            rest = covariance[i][j] - sum(lower[i][k] * lower[j][k] for k in range(j))
            lower[i][j] = math.sqrt(rest) if i == j else rest / lower[j][j]
    nats = 0.0
    for name in ("learn", "test"):
        rows, nats = [], 0.0
        for _ in range(examples):
            z = [draw.gauss(0, 1) for _ in range(readings)]
            rows.append([sum(lower[i][k] * z[k] for k in range(i + 1)) for i in range(readings)])
            nats += sum(x * x / 2 + math.log(2 * math.pi) / 2 + math.log(lower[i][i]) for i, x in enumerate(z))
        write(f"{folder}/{name}.csv", rows)
    print(f"{nats / examples:.6f}")  # of the test


def nats(scores_path, truth, readings):
    scores = [row[-1] for row in numbers(scores_path)]
    print(f"{(sum(scores) / len(scores) - float(truth)) / int(readings):.4f}")


def bits(folder):
    greys = [row[:64] for row in numbers("tools/data/digits.csv")]
    digits = [[float(grey >= 8) for grey in row] for row in greys]
    learn, normal = digits[:1500], digits[1500:]
    draw = random.Random(1)
    sets = {"normal": normal}
    for count in (3, 6):
        sets[f"wrong_{count}"] = [list(row) for row in normal]
        for row in sets[f"wrong_{count}"]:
            for j in draw.sample(range(64), count):
                row[j] = 1 - row[j]
    share = [(sum(column) + 0.5) / (len(learn) + 1) for column in zip(*learn)]
    write(f"{folder}/learn.csv", learn)
    for name, rows in sets.items():
        write(f"{folder}/{name}.csv", rows)
        write(f"{folder}/frequencies_{name}.csv",
              [[-sum(math.log(p if x else 1 - p) for x, p in zip(row, share))] for row in rows])


def seconds(*command):
    subprocess.run(command, check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{used.ru_utime + used.ru_stime:.2f}")


def spread(values, digits):
    if not values:
        return "-"
    mean = sum(values) / len(values)
    if len(values) == 1 or f"{min(values):.{digits}f}" == f"{max(values):.{digits}f}":
        return f"{mean:.{digits}f}"
    return f"{mean:.{digits}f} ({min(values):.{digits}f} .. {max(values):.{digits}f})"


def tables(path):
    found = {}
    with open(path) as f:
        for line in f:
            what, name, value = line.rstrip("\n").split("|")
            found.setdefault((what, name), []).append(float(value))
    print("| AUC | 16 hidden units, 8 bits | 4 bits | floats | hidden units by default, floats | mean and deviation |"
          " s to learn |")
    print("|---|---|---|---|---|---|---|")

    def row(name, values_of):
        cells = [spread(values_of(what), 1 if what == "seconds" else 4) for what in columns]
        print(f"| {name} | " + " | ".join(cells) + " |")

    for name in odd_sets + ["ecg_raw"]:
        row(name, lambda what: found.get((what, name), []))
    row("mean of the first eight",
        lambda what: [sum(seed) / len(odd_sets) for seed in zip(*(found.get((what, name), []) for name in odd_sets))])
    print("\n| what | mean (range) |\n|---|---|")
    for (what, name), values in found.items():
        if what not in columns:
            print(f"| {what}, {name} | {spread(values, 3)} |")


commands = {"noise": add_noise, "gain": gain, "gaussian": lambda n, folder: gaussian(int(n), folder), "nats": nats,
            "bits": bits, "seconds": seconds, "tables": tables}
if len(sys.argv) < 2 or sys.argv[1] not in commands:
    raise SystemExit(__doc__)
commands[sys.argv[1]](*sys.argv[2:])
