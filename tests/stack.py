#!/usr/bin/env python3
"""The most stack that each public function of rbm/ takes, with all that it calls, in bytes on a Cortex-M3.

Every function is compiled by itself (-Os -fno-inline), so that its callees' frames add up; inlined, as they are in a
program, they take less as a rule. The compiler's own support routines, a few words each, are not counted. Fails if a
function's stack is not known when compiling, or if functions call themselves.
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

COMPILE = ("arm-none-eabi-g++ -std=c++17 -mcpu=cortex-m3 -mthumb -Os -fno-inline -fkeep-inline-functions -ffreestanding "
           "-ffp-contract=off -fno-exceptions -fno-rtti -fcallgraph-info=su -I. -c tests/link_proof.cpp -o").split()


def read_graph(text):
    own, calls, names = {}, collections.defaultdict(set), {}
    for title, label in re.findall(r'^node: \{ title: "(.*?)" label: "(.*?)"', text, re.MULTILINE):
        name, _, rest = label.partition("\\n")
        size = re.search(r"(\d+) bytes \((.*?)\)$", rest)
        if size:
            own[title], names[title] = int(size[1]), name
            if size[2] != "static":
                sys.exit(f"stack: not known when compiling: {name}")
    for source, target in re.findall(r'^edge: \{ sourcename: "(.*?)" targetname: "(.*?)"', text, re.MULTILINE):
        if target == "__indirect_call":
            sys.exit(f"stack: calls what is not known when compiling: {source}")
        calls[source].add(target)
    return own, calls, names


def depth_of(title, own, calls, path=()):
    if title in path:
        sys.exit(f"stack: calls itself: {title}")
    below = [depth_of(callee, own, calls, (*path, title)) for callee in calls[title] if callee in own]
    return own[title] + max(below, default=0)


def public_name(name):
    """The name of a public function as it is called; None for all others."""
    if "detail::" in name.split("(")[0] or "<lambda" in name or " operator" in name:
        return None
    found = re.search(r"\b(?:rbm::((?:\w+(?:<.*?>)?::)?\w+)|(rbm_\w+))(?:<.*?>)?\(", name)
    return found and re.sub(r"<.*?>", "", found[1] or found[2])


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*COMPILE, folder + "/proof.o"], check=True)
        own, calls, names = read_graph(pathlib.Path(folder, "proof.ci").read_text(encoding="utf-8"))
    most = collections.defaultdict(int)
    for title, name in names.items():
        public = public_name(name)
        if public:
            most[public] = max(most[public], depth_of(title, own, calls))
    for public, size in sorted(most.items(), key=lambda item: (-item[1], item[0])):
        print(f"{size:6} {public}")


if __name__ == "__main__":
    main()
