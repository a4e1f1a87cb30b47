"""What more ranks are worth: a model of the time of a training step of CD-1.

    build/bench step data=FILE hidden=500 optimizer=adam | tools/bench/ranks_model.py table adam
    tools/bench/ranks_model.py formula VISIBLE HIDDEN BATCH RANKS [STEPS]

`table` reads the parts of a step that one process has measured (training.hpp, print_step()) and prints the
steps of 1 to 64 ranks, and of 20,000 x 10,000 units from a line of 4,000 x 2,000. Each rank has whole granules
of 32 units; the one with the most is waited for:

    products      the share of the units that they are made for
    update        h + v - h v of all weights, with shares h and v of hidden and visible units: both panels
    for itself    reading and listing states, biases: every rank the same
    p(h)          to 16 bits and back, every rank
    network       messages of latency, one after the other, and bytes received by bandwidth

`formula` prints messages and bytes that a rank receives a step, of CD or PCD with so many
Gibbs steps, by default 1.
"""

import math
import sys

GRANULE = 32
LATENCY, BANDWIDTH = 2e-6, 10e9  # seconds, bytes a second: a cluster's network of 100 Gb/s
RANKS = 1, 2, 4, 8, 16, 32, 64


def granules(units):
    return -(-units // GRANULE)


def owned(count, rank, ranks):
    """Granules of a rank: the first ones have one more, where they do not divide (parallel.hpp)."""
    return count // ranks + (rank < count % ranks)


def first_unit(units, rank, ranks):
    return min(units, GRANULE * sum(owned(granules(units), n, ranks) for n in range(rank)))


def largest_share(units, ranks):
    return max(first_unit(units, n + 1, ranks) - first_unit(units, n, ranks) for n in range(ranks)) / units


def received(visible, hidden, batch, ranks, steps=1, rank=0):
    """Messages and bytes that a rank receives a step: what the other ranks own of each array."""

    def of_others(units):
        return units - first_unit(units, rank + 1, ranks) + first_unit(units, rank, ranks)

    other_granules = [granules(units) - owned(granules(units), rank, ranks) for units in (visible, hidden)]
    drawn = 4 * batch  # bytes of a granule's bits, one word a sample
    exchanged = (
        steps * drawn * sum(other_granules)
        + 2 * 2 * batch * of_others(hidden)  # p(h | v) of both phases, 16 bits
        + 4 * sum(other_granules)  # losses, errors
        + ranks - 1  # whether one was interrupted
    )
    return (2 * steps + 2) * math.ceil(math.log2(ranks)), exchanged


def step_seconds(sizes, parts, ranks):
    """Of each part of a step, by name."""
    visible, hidden, batch = sizes
    to_hidden, to_visible, update, own, conversion = parts
    if ranks == 1:
        return {"products": to_hidden + to_visible, "update": update, "itself": own}
    h, v = largest_share(hidden, ranks), largest_share(visible, ranks)
    messages, size = received(visible, hidden, batch, ranks)
    return {
        "products": h * to_hidden + v * to_visible,
        "update": (h + v - h * v) * update,
        "itself": own,
        "p(h)": conversion,
        "latency": messages * LATENCY,
        "bandwidth": size / BANDWIDTH,
    }


def print_table(title, sizes, parts):
    visible, hidden, batch = sizes
    print(f"\n{visible} x {hidden}, batch {batch}, {title}; network of {LATENCY * 1e6:g} us and"
          f" {BANDWIDTH / 1e9:g} GB/s\n")
    print("| ranks | us a step | times | bytes received | weights' bytes / these | most of the time |")
    print("|---|---|---|---|---|---|")
    alone = sum(step_seconds(sizes, parts, 1).values())
    for ranks in RANKS:
        seconds = step_seconds(sizes, parts, ranks)
        whole = sum(seconds.values())
        most = sorted(seconds, key=seconds.get, reverse=True)[:2]
        limits = ", ".join(f"{name} {100 * seconds[name] / whole:.0f} %" for name in most)
        size = received(visible, hidden, batch, ranks)[1] if ranks > 1 else 0
        print(f"| {ranks} | {whole * 1e6:,.0f} | {alone / whole:.2f} | {size:,} |"
              f" {4 * visible * hidden / size if size else 0:.0f} | {limits} |")


def main(words):
    if len(words) in (5, 6) and words[0] == "formula":
        visible, hidden, batch, ranks, *steps = map(int, words[1:])
        messages, size = received(visible, hidden, batch, ranks, *steps)
        print(f"formula: {messages}, {size}; {4 * visible * hidden / size:.1f} times fewer")
    elif len(words) == 2 and words[0] == "table":
        numbers = sys.stdin.read().split()
        sizes, parts = tuple(map(int, numbers[:3])), tuple(map(float, numbers[3:8]))
        print_table(words[1], sizes, parts)
        if sizes[:2] == (4000, 2000):
            work, units = 25, 5
            scaled = [part * work for part in parts[:3]] + [part * units for part in parts[3:]]
            print_table(words[1] + ", scaled from 4,000 x 2,000", (20000, 10000, sizes[2]), scaled)
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
