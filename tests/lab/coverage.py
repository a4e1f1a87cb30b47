#!/usr/bin/env python3
"""Lines and branches of rbm/ that the core's tests reach: tests/lab/coverage.py FOLDER, which `make coverage` has built.

Clang counts regions of the source, so that a template's instances add up to one count, nothing is said of branches
that only the compiler made (exceptions, vectors), and a condition that is constant in every instance (if constexpr) is
no branch. The failing side of RBM_ASSERT stops the program and is left out; so is what a contract's condition
consists of. Everything else must be reached: the exit status is 1 where something is not.
"""
import collections
import glob
import json
import os
import subprocess
import sys


def tool(name):
    """The newest of an LLVM program's versions that is here."""
    versions = sorted(glob.glob(f"/usr/bin/{name}-[0-9]*"), key=lambda path: int(path.rsplit("-", 1)[1]))
    return name if not versions else versions[0]


def contracts(lines):
    """The numbers of the lines on which RBM_ASSERT(...) stands."""
    found, depth = set(), 0
    for number, line in enumerate(lines, 1):
        if depth == 0 and "RBM_ASSERT(" in line:
            line = line[line.index("RBM_ASSERT("):]
            depth = line.count("(") - line.count(")")
            found.add(number)
        elif depth > 0:
            depth += line.count("(") - line.count(")")
            found.add(number)
    return found


def main(folder):
    program, profile = folder + "/core_tests", folder + "/core_tests.profdata"
    raw = folder + "/core_tests.profraw"
    subprocess.run([program, "-m"], check=True, env={**os.environ, "LLVM_PROFILE_FILE": raw})
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", raw, "-o", profile], check=True)
    export = [tool("llvm-cov"), "export", program, "-instr-profile=" + profile]
    lcov = subprocess.run(export + ["-format=lcov"], check=True, capture_output=True, text=True).stdout
    functions = json.loads(subprocess.run(export, check=True, capture_output=True, text=True).stdout)

    lines, branches = collections.defaultdict(dict), collections.defaultdict(dict)
    for line in lcov.splitlines():
        if line.startswith("SF:"):
            name = os.path.relpath(line[3:])
        elif line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            lines[name][int(number)] = int(count)
    for function in functions["data"][0]["functions"]:
        for first, first_column, last, last_column, true, false, file, *_ in function["branches"]:
            counts = branches[os.path.relpath(function["filenames"][file])]
            place = first, first_column, last, last_column
            before = counts.get(place, (0, 0))
            counts[place] = before[0] + true, before[1] + false

    print(f"{'':24}{'lines':>16}{'branches':>18}")
    missed, totals = [], [0, 0, 0, 0]
    for name in sorted(glob.glob("rbm/*.h*")):
        with open(name, encoding="utf-8") as text:
            source = text.read().splitlines()
        left_out = contracts(source)
        ways = [(place, way, count) for place, counts in branches[name].items() if place[0] not in left_out
                for way, count in zip((True, False), counts)]
        missed += [f"{name}:{number}: not reached: {source[number - 1].strip()}"
                   for number, count in lines[name].items() if count == 0]
        missed += [f"{name}:{place[0]}:{place[1]}: never {str(way).lower()}: " +
                   source[place[0] - 1][place[1] - 1:place[3] - 1 if place[2] == place[0] else None]
                   for place, way, count in sorted(ways) if count == 0]
        figures = (sum(count > 0 for count in lines[name].values()), len(lines[name]),
                   sum(count > 0 for _, _, count in ways), len(ways))
        totals = [a + b for a, b in zip(totals, figures)]
        print_row(name, figures)
    print_row("all", totals)
    print("\n".join(missed))
    return 1 if missed else 0


def print_row(name, figures):
    def share(reached, there):
        return f"{reached} of {there}".rjust(12) + (f"{100 * reached / there:5.0f}%" if there else " " * 6)
    print(f"{name:24}{share(*figures[:2])}{share(*figures[2:])}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
