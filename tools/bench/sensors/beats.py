"""What a stream of scores says of an ECG's beats, for stream.sh.

    beats.py kinds ECG BEATS

prints places and kinds of BEATS: 0 normal, 1 ventricular, 2 an artefact; and 3, fusion, for a normal one that is at least
40 % of the way from the mean normal beat to the mean ventricular one, by least squares.

    beats.py found KINDS SPAN SHARE HELD_OUT FIRST WINDOWS FIRST

HELD_OUT and WINDOWS have a line for each window of SPAN readings: how many came until its end, score and status; the
stream began at reading FIRST of the ECG. A window is normal if it is near normal beats alone. The limit is the score that
SHARE of the normal windows of HELD_OUT exceed. A beat of WINDOWS is found if a window above the limit holds it. A false
alarm is a run of normal windows above the limit. Prints: ventricular beats found, of, fusion beats found, of, false alarms,
minutes of normal windows, median delay of ventricular beats in seconds.
"""
import csv
import sys

RATE, NEAR, HALF = 360, 60, 90  # readings: a second; around a window; of a beat, on either side
NORMAL, VENTRICULAR, FUSION = 0, 1, 3


def read_kinds(name):
    return [(int(place), int(kind)) for place, kind in list(csv.reader(open(name, encoding="ascii")))[1:]]


def print_kinds(ecg, beats):
    signal = [float(line) for line in open(ecg, encoding="ascii").read().split()[1:]]
    whole = [(p, kind) for p, kind in read_kinds(beats) if HALF <= p <= len(signal) - HALF]

    def shape(place):
        piece = signal[place - HALF : place + HALF]
        return [x - sum(piece) / len(piece) for x in piece]

    def mean_shape(kind):
        shapes = [shape(p) for p, k in whole if k == kind]
        return [sum(column) / len(shapes) for column in zip(*shapes)]

    normal = mean_shape(NORMAL)
    way = [v - n for v, n in zip(mean_shape(VENTRICULAR), normal)]
    length = sum(w * w for w in way)
    print("reading,kind")
    for place, kind in whole:
        share = sum((x - n) * w for x, n, w in zip(shape(place), normal, way)) / length
        print(f"{place},{FUSION if kind == NORMAL and share >= 0.4 else kind}")


def print_found(kinds_file, span, share, held_out, held_out_first, played, first):
    kinds = read_kinds(kinds_file)

    def windows(name, begin):
        lines = [line.split() for line in open(name, encoding="ascii")]
        return [(begin + int(end), int(score)) for end, score, _ in lines]

    def is_normal(end):
        near = [kind for p, kind in kinds if end - span - NEAR <= p <= end + NEAR]
        return near and all(kind == NORMAL for kind in near)

    scores = sorted((score for end, score in windows(held_out, held_out_first) if is_normal(end)), reverse=True)
    limit = scores[int(share * len(scores))]
    scored = windows(played, first)

    def delays(kind):
        """From each beat that is found to the end of the first window that finds it."""
        places = [p for p, k in kinds if k == kind and first + span <= p < scored[-1][0] - span]
        ends = [[end for end, score in scored if score > limit and p <= end <= p + span] for p in places]
        return sorted((found[0] - p) / RATE for p, found in zip(places, ends) if found), len(places)

    runs, normal_windows = [], 0
    for end, score in scored:
        if not is_normal(end):
            continue
        normal_windows += 1
        if score > limit and not (runs and end - runs[-1] <= span):
            runs.append(end)
        elif score > limit:
            runs[-1] = end
    minutes = normal_windows * (scored[1][0] - scored[0][0]) / RATE / 60
    ventricular, beats = delays(VENTRICULAR)
    fusion, fusions = delays(FUSION)
    middle = ventricular[len(ventricular) // 2] if ventricular else float("nan")
    print(f"{len(ventricular)} {beats} {len(fusion)} {fusions} {len(runs)} {minutes:.2f} {middle:.2f}")


if sys.argv[1] == "kinds":
    print_kinds(*sys.argv[2:])
else:
    print_found(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.argv[5], int(sys.argv[6]), sys.argv[7],
                int(sys.argv[8]))
