#!/usr/bin/env python3
"""Breaks the library in small ways, one at a time, and says which of them no test notices: tests/lab/mutations.txt.

    tests/lab/mutation.py [WORD...]    only mutations in files whose name holds one of the words

`make mutation` has built the command and the tests before. For each mutation the changed file and the tests named
beside it are compiled into programs of their own, which must fail; the sources stay as they are.
"""
import concurrent.futures
import itertools
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRATCH = ROOT / "build/mutation"
COMPILE = (ROOT / "build/flags").read_text().split() + ["-O1", "-w"]
COMPILER = list(itertools.takewhile(lambda word: not word.startswith("-"), COMPILE))  # it may have several words
LONGEST_SECONDS = 120


class Mutation:
    def __init__(self, number, head, before, after):
        self.file, _, tests = head.partition(": ")
        self.tests, self.before, self.after, self.line = tests.split(), before, after, number

    def __str__(self):
        return f"{self.file}: {self.before.strip()}  ->  {self.after.strip() or '(nothing)'}"


def read_table():
    lines = [(number, line) for number, line in enumerate((ROOT / "tests/lab/mutations.txt").read_text().splitlines(), 1)
             if line and not line.startswith("#")]
    table = []
    for (number, head), (_, before), (_, after) in zip(lines[::3], lines[1::3], lines[2::3]):
        if not (head[0] not in "-+" and before.startswith("- ") and (after + " ").startswith("+ ")):
            sys.exit(f"tests/lab/mutations.txt:{number}: is no mutation in three lines")
        mutation = Mutation(number, head, before[2:], after[2:])
        found = (ROOT / mutation.file).read_text().count(mutation.before)
        if found != 1:
            sys.exit(f"tests/lab/mutations.txt:{number}: stands {found} times in {mutation.file}: {mutation.before}")
        table.append(mutation)
    return table


def source_of(test):
    """The one file of a test's name."""
    found = list(ROOT.glob(f"tests/*/{test}_test.cpp"))
    if len(found) != 1:
        sys.exit(f"tests/lab/mutations.txt: {len(found)} files tests/*/{test}_test.cpp")
    return str(found[0].relative_to(ROOT))


def compile_and_run(mutation, tests, folder):
    """Whether the tests pass where the mutation is made (or nothing is changed, if there is none)."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in "rbm", "tools", "platform", "tests":
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("*.png", "bench", "corpus"))
    sources = [source_of(test) for test in tests]
    compiled = {str(path.relative_to(ROOT / "build/objects").with_suffix(".cpp")): path
                for room in ("tools/*", "platform/desktop") for path in (ROOT / "build/objects").glob(room + "/*.o")
                if path.parent.name != "bench"}
    objects = {source: path for source, path in compiled.items() if (ROOT / source).exists()}
    main, command_main = ROOT / "build/objects/tests/main.o", objects.pop("tools/commands/main.cpp")
    if mutation:
        text = (ROOT / mutation.file).read_text()
        (folder / mutation.file).write_text(text.replace(mutation.before, mutation.after))
        if mutation.file in objects:
            sources.append(mutation.file)
            del objects[mutation.file]
    built = []
    for source in sources:
        built.append(folder / (source.replace("/", ".") + ".o"))
        run([*COMPILE, "-I" + str(ROOT / "build"), "-c", source, "-o", built[-1]], folder)
    rest = list(objects.values())
    run([*COMPILER, "-pthread", *built, main, *rest, "-o", "tests.run"], folder)
    run([*COMPILER, "-pthread", *built[len(tests):], command_main, *rest, "-o", "rbm.run"], folder)
    try:
        return subprocess.run([folder / "tests.run", "--abort-after=1"], cwd=folder, timeout=LONGEST_SECONDS,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, "RBM": str(folder / "rbm.run")}).returncode == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        shutil.rmtree(folder)


def run(words, folder):
    result = subprocess.run(list(map(str, words)), cwd=folder, capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(result.stderr)


def judge(mutation):
    try:
        return compile_and_run(mutation, mutation.tests, SCRATCH / str(mutation.line))
    except RuntimeError as error:
        return False if "static assertion failed" in str(error) else f"does not build:\n{error}"


def main(words):
    table = [one for one in read_table() if not words or any(word in one.file for word in words)]
    tests = sorted({test for mutation in table for test in mutation.tests})
    if not compile_and_run(None, tests, SCRATCH / "unchanged"):
        sys.exit("the tests fail before anything is broken: " + " ".join(tests))
    left = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for mutation, passed in zip(table, pool.map(judge, table)):
            if passed is False:
                print("noticed  ", mutation, flush=True)
            else:
                left.append(mutation)
                print("UNNOTICED" if passed is True else "FAULTY   ", mutation, "" if passed is True else passed,
                      flush=True)
    print(f"{len(table)} mutations, {len(left)} not noticed by any test")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
