#!/usr/bin/env python3
"""What tools/bench/sensors/alarms.sh needs beside the command: splits and tables. Standard library only.

usage: alarms.py split LEARN FOLD MOST QUARTER     every fourth row, from FOLD (0 to 3) on, to QUARTER, the others to MOST
       alarms.py motes FILE                        the motes of a recording that have rows labelled odd
       alarms.py first FILE MOTE SHARE LEARN REST  the first share of a mote's rows, and the rest
       alarms.py note WHAT SET LINE                a line of results of a JSON line of rbm score
       alarms.py page RESULTS                      tables of such lines
"""
import csv, json, sys


def lines_of(path):
    with open(path) as f:
        lines = f.read().splitlines()
    try:
        [float(x) for x in lines[0].split(",")]
        return [], lines
    except ValueError:
        return lines[:1], lines[1:]  # a heading


def write(path, lines):
    with open(path, "w") as f:
        f.writelines(line + "\n" for line in lines)


def split(path, fold, most, quarter):
    heading, lines = lines_of(path)
    write(most, heading + [line for n, line in enumerate(lines) if n % 4 != int(fold)])
    write(quarter, heading + [line for n, line in enumerate(lines) if n % 4 == int(fold)])


def rows_of(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def motes(path):
    print(*sorted({row["mote"] for row in rows_of(path) if float(row["label"]) != 0}))


def first(path, mote, share, learn, rest):
    rows = [row for row in rows_of(path) if row["mote"] == mote]
    names = ["humidity", "temperature", "label"]
    lines = [",".join(row[name] for name in names) for row in rows]
    count = round(float(share) * len(lines))
    write(learn, [",".join(names)] + lines[:count])
    write(rest, [",".join(names)] + lines[count:])


def note(what, name, path):
    with open(path) as f:
        print(json.dumps({"what": what, "set": name, **json.loads(f.read())}))


def percent(values):
    if not values:
        return "-"
    mean = 100 * sum(values) / len(values)
    if len(values) == 1:
        return f"{mean:.2f}"
    return f"{mean:.2f} ({100 * min(values):.2f} .. {100 * max(values):.2f})"


def better(line, key):
    difference, error = line[f"{key}_auc_difference"], line[f"{key}_auc_difference_standard_error"]
    if error is None or abs(difference) <= 1.96 * error:
        return "as well"
    return "worse" if difference > 0 else "better"


def page(path):
    with open(path) as f:
        found = [json.loads(line) for line in f]
    sets = list(dict.fromkeys(line["set"] for line in found if not line["what"].startswith("recording")))

    def values(what, name, key):
        return [line[key] for line in found if line["what"] == what and line["set"] == name and key in line]

    print("False alarms and odd examples found, in percent: the mean over four held-out quarters, with the least and the\n"
          "largest; and by `rbm train --false-alarms`, which needs none held out.\n")
    print("| set | false alarms, a quarter held out | found | false alarms, all learned | found | mean and deviation: false"
          " alarms | found | one full Gaussian: false alarms | found |")
    print("|---|---|---|---|---|---|---|---|---|")
    quarter, turn = "a quarter held out", "the learned ones, in turn"
    for name in sets:
        cells = [percent(values(what, name, prefix + key))
                 for what, prefix in ((quarter, ""), (turn, ""), (quarter, "independent_"), (quarter, "full_gaussian_"))
                 for key in ("false_alarm_share", "found")]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print("\nAUC, and whether what is simpler does better, as well (no difference beyond chance, DeLong) or worse than the\n"
          "model; the first quarter held out.\n")
    print("| set | model | mean and deviation | | one full Gaussian | |\n|---|---|---|---|---|---|")
    for name in sets:
        line = next(line for line in found if line["what"] == quarter and line["set"] == name)
        print(f"| {name} | {line['auc']:.4f} | {line['independent_auc']:.4f} | {better(line, 'independent')} |"
              f" {line['full_gaussian_auc']:.4f} | {better(line, 'full_gaussian')} |")
    print("\nRecordings: windows of 16 readings of humidity and temperature, hop 4, less the mean of the first four. The model\n"
          "and its limit are from the first 45 % of the time, the figures from the rest.\n")
    print("| recording | arithmetic | AUC | windows with steam found, % | events | delay to the flag, s | false alarms, % |"
          " an hour |\n|---|---|---|---|---|---|---|---|")
    total = {}
    for line in found:
        if not line["what"].startswith("recording"):
            continue
        what = line["what"].split(", ")[1]
        odd, hits = total.get(what, (0, 0))
        total[what] = (odd + line["odd_examples"], hits + line["found"] * line["odd_examples"])
        print(f"| {line['set']} | {what} | {line['auc']:.4f} | {100 * line['found']:.1f} of {line['odd_examples']} |"
              f" {line['events_found']} of {line['events']} | {line.get('delay_seconds', '-')} |"
              f" {100 * line['false_alarm_share']:.2f} | {line['false_alarms_an_hour']:.2f} |")
    for what, (odd, hits) in total.items():
        print(f"\nOf all windows with steam, {100 * hits / odd:.1f} % of {odd} are found in {what}.")


commands = {"split": split, "motes": motes, "first": first, "note": note, "page": page}
if len(sys.argv) < 2 or sys.argv[1] not in commands:
    raise SystemExit(__doc__)
commands[sys.argv[1]](*sys.argv[2:])
