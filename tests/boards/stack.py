#!/usr/bin/env python3
"""The most stack that each public function of rbm/ takes, with all that it calls, in bytes: prints rbm/stack.md.

The most on any Cortex-M of platform/boards/boards.txt, optimized for speed (-O2), with functions inlined as the compiler likes
and each by itself, and for size (-Os), each by itself. The compiler's own support routines, a few words each, are not
counted. Fails if a function's stack is not known when compiling, or if functions call themselves.
"""
import collections
import concurrent.futures
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile

COMPILER = "arm-none-eabi-g++"
FLAGS = ("-std=c++17 -mthumb -fkeep-inline-functions -ffreestanding -ffp-contract=off -fno-exceptions -fno-rtti "
         "-fcallgraph-info=su -I. -c tests/packages/link_proof.cpp").split()
CORES = [line.split()[11:] for line in pathlib.Path("platform/boards/boards.txt").read_text(encoding="utf-8").splitlines()
         if " cortex-m " in line]
WAYS = [[*core, *how] for core in CORES for how in (["-O2"], ["-O2", "-fno-inline"], ["-Os", "-fno-inline"])]


def read_graph(text):
    own, calls, labels = {}, collections.defaultdict(set), {}
    for title, label in re.findall(r'^node: \{ title: "(.*?)" label: "(.*?)"', text, re.MULTILINE):
        name, _, rest = label.partition("\\n")
        size = re.search(r"(\d+) bytes \((.*?)\)$", rest)
        header = re.search(r"\brbm/(\w+\.\w+):", rest)
        if size:
            own[title], labels[title] = int(size[1]), (header and header[1], name)
            if size[2] != "static":
                sys.exit(f"stack: not known when compiling: {name}")
    for source, target in re.findall(r'^edge: \{ sourcename: "(.*?)" targetname: "(.*?)"', text, re.MULTILINE):
        if target == "__indirect_call":
            sys.exit(f"stack: calls what is not known when compiling: {source}")
        # A constructor is called by one name, and is there by another.
        calls[source].add(target if target in own else target.replace("C1E", "C2E"))
    return own, calls, labels


def depth_of(title, own, calls, path=()):
    if title in path:
        sys.exit(f"stack: calls itself: {title}")
    below = [depth_of(callee, own, calls, (*path, title)) for callee in calls[title] if callee in own]
    return own[title] + max(below, default=0)


def public_name(name):
    """The name of a public function as it is called; None for all others."""
    while "<" in name and (shorter := re.sub(r"<[^<>]*>", "", name)) != name:
        name = shorter
    found = re.search(r"(?:^|[ *&])(?:rbm::)?((?:\w+::)*~?\w+)\(", name)
    if not found or re.search(r"detail::|\boperator\b", name.split("(")[0]):
        return None
    return found[1].removeprefix("rbm::")


def measure(way):
    """{(header, public function): bytes}, compiled in one way."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([COMPILER, *way, *FLAGS, "-o", folder + "/proof.o"], check=True)
        own, calls, labels = read_graph(pathlib.Path(folder, "proof.ci").read_text(encoding="utf-8"))
    most = collections.defaultdict(int)
    for title, (header, name) in labels.items():
        public = header and public_name(name)
        if public:
            most[header, public] = max(most[header, public], depth_of(title, own, calls))
    return most


def main():
    most = {}
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("RBM_JOBS", os.cpu_count()))) as pool:
        for measured in pool.map(measure, WAYS):
            for key, size in measured.items():
                most[key] = max(most.get(key, 0), size)
    version = subprocess.check_output([COMPILER, "-dumpfullversion"], text=True).strip()
    print(f"""# Stack

The most stack that a call takes, with all that it calls, in bytes: the most of the Cortex-M of `platform/boards/boards.txt`,
at -O2 with and without inlining, and at -Os without (GCC {version}). `make stack` prints this page,
`tests/boards/stack_test.sh` holds it against the code. No public function takes more than {max(most.values()):,} bytes.

| header | function: bytes |
|---|---|""")
    for header, group in itertools.groupby(sorted(most), key=lambda key: key[0]):
        by_size = sorted(group, key=lambda key: (-most[key], key))
        print(f"| `{header}` | " + ", ".join(f"`{key[1]}` {most[key]:,}" for key in by_size) + " |")


if __name__ == "__main__":
    main()
