#!/usr/bin/env python3
"""What run.sh of this folder asks of scores.

figures.py score FOLDER SCORES   the standard, low false positives and low false negatives profile by FOLDER/score.py,
                                 then each half's standard profile at the limit that is best for the other half
figures.py table RESULTS RAM     the table of a page; RESULTS has lines of model|span|five figures, RAM lines of
                                 model and bytes
Standard library only.
"""
import contextlib
import io
import json
import os
import runpy
import sys

FALSE_ALARM = 0.11  # the standard profile's cost of one


def standard(points, windows, limit=None):
    """(profile, its limit) of points (score, gain, window or None): at a limit, or at the best one."""
    best_of, total, best, best_limit = {}, 0.0, 0.0, float("inf")
    points = sorted(points, key=lambda p: -p[0])
    for n, (score, gain, window) in enumerate(points):
        if score == 0 or limit is not None and score < limit:
            break
        if window is None:
            total += FALSE_ALARM * gain
        elif gain > best_of.get(window, -1.0):
            total += gain - best_of.get(window, -1.0)
            best_of[window] = gain
        if (n + 1 == len(points) or points[n + 1][0] != score) and total > best:
            best, best_limit = total, score
    return 100 * (best if limit is None else total) / (2 * windows), best_limit


def score(folder, scores):
    """By the benchmark's own program, whose functions also find the points of the halves: every other series."""
    printed = io.StringIO()
    sys.argv = ["score.py", scores]
    with contextlib.redirect_stdout(printed):
        of_benchmark = runpy.run_path(os.path.join(folder, "score.py"))
    figures = [float(line.split()[1]) for line in printed.getvalue().splitlines()]
    with open(os.path.join(folder, "labels", "combined_windows.json")) as f:
        labels = sorted(json.load(f).items())
    halves = []
    for half in labels[::2], labels[1::2]:
        points = []
        for series, windows in half:
            values = of_benchmark["column"](of_benchmark["find"](scores, series))
            points += of_benchmark["points"](series, values, windows)
        count = sum(len(windows) for _, windows in half)
        halves.append((points, count, standard(points, count)[1]))
    for half, other in (halves, halves[::-1]):
        figures.append(standard(half[0], half[1], other[2])[0])
    print("|".join(f"{figure:.2f}" for figure in figures))


def mean_and_range(values):
    mean = f"{sum(values) / len(values):.1f}"
    least, most = f"{min(values):.1f}", f"{max(values):.1f}"
    return mean if least == most else f"{mean} ({least} .. {most})"


def table(results, ram):
    with open(ram) as f:
        bytes_of = dict(line.split() for line in f)
    rows = {}
    with open(results) as f:
        for line in f:
            model, span, *figures = line.strip().split("|")
            rows.setdefault((model, span), []).append([float(figure) for figure in figures])
    print("| model | least and largest value | standard | low false positives | low false negatives "
          "| first half, limit of the second | second half, limit of the first | bytes |")
    print("|---|---|---|---|---|---|---|---|")
    for (model, span), seeds in rows.items():
        cells = [mean_and_range(values) for values in zip(*seeds)]
        print(f"| {model} | {span} | {' | '.join(cells)} | {bytes_of[model]} |")


if __name__ == "__main__":
    {"score": score, "table": table}[sys.argv[1]](*sys.argv[2:])
