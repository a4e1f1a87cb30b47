"""Checks an assembled device package against what each registry asks for: check.py FOLDER VERSION.

Prints a line for each fault and exits with 1 if there is one. The rules are those of the Arduino library
specification (revision 2.2), of PlatformIO's library.json, of ESP-IDF's idf_component.yml and of Zephyr's modules.
"""

import json
import os
import re
import sys

import yaml

ARDUINO_CATEGORIES = (
    "Display,Communication,Signal Input/Output,Sensors,Device Control,Timing,Data Storage,Data Processing,Other"
).split(",")
SOURCE = (".c", ".cc", ".cpp", ".cxx", ".S", ".ino")
faults = []


def demand(condition, fault):
    if not condition:
        faults.append(fault)
    return condition


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def check_files(package):
    for folder, _, names in os.walk(package):
        for name in names:
            path = os.path.join(folder, name)
            shown = os.path.relpath(path, package)
            # Arduino refuses links, programs and its marker of a library in development.
            demand(not os.path.islink(path), f"{shown}: is a link")
            demand(not os.access(path, os.X_OK), f"{shown}: is executable")
            demand(name != ".development", f"{shown}: marks a library in development")
            demand(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name), f"{shown}: has an unusual name")
            demand(not re.search(r"@[A-Z]+@", read(path)), f"{shown}: has a place that was not filled in")
            # Everything but the examples would be compiled for each user.
            in_example = shown.startswith("examples" + os.sep)
            demand(in_example or not name.endswith(SOURCE), f"{shown}: is a source, in a header-only package")


def check_arduino(package, version):
    lines = [line.split("=", 1) for line in read(package, "library.properties").splitlines()]
    if not demand(all(len(line) == 2 for line in lines), "library.properties: has a line without ="):
        return
    entries = dict(lines)
    demand(len(entries) == len(lines), "library.properties: names an entry twice")
    for key in "name version author maintainer sentence paragraph category url architectures".split():
        demand(entries.get(key, "").strip(), f"library.properties: lacks {key}")
    for key, value in entries.items():
        demand(value == value.strip(), f"library.properties: {key} has spaces around it")
    name = entries.get("name", "")
    demand(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,62}", name), "library.properties: name has other letters")
    demand(not name.lower().startswith("arduino"), "library.properties: only Arduino's own names start so")
    demand(entries.get("version") == version, "library.properties: has another version than rbm/config.hpp")
    demand(entries.get("category") in ARDUINO_CATEGORIES, "library.properties: has no known category")
    demand(re.match(r"https?://", entries.get("url", "")), "library.properties: url is none")
    demand(entries.get("sentence", "").rstrip()[-1:] in ".!", "library.properties: sentence is no sentence")
    for header in entries.get("includes", "").split(","):
        demand(os.path.isfile(os.path.join(package, "src", header)), f"src/{header}: included, but missing")
    # A library is found by the headers directly in src.
    demand(any(entry.endswith(".h") for entry in os.listdir(os.path.join(package, "src"))), "src: has no header")
    demand(not os.path.exists(os.path.join(package, "utility")), "utility: is not allowed beside src")
    examples = os.path.join(package, "examples")
    demand(os.listdir(examples), "examples: is empty")
    for example in os.listdir(examples):
        # Those with a CMakeLists.txt are no sketches but applications of ESP-IDF and Zephyr.
        names = os.listdir(os.path.join(examples, example))
        demand(f"{example}.ino" in names or "CMakeLists.txt" in names, f"examples/{example}: has no {example}.ino")


def check_platformio(package, version):
    manifest = json.loads(read(package, "library.json"))
    demand(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", manifest["name"]), "library.json: name is none for the registry")
    demand(len(manifest["name"]) <= 50, "library.json: name is longer than 50 letters")
    demand(manifest["version"] == version, "library.json: has another version than rbm/config.hpp")
    demand(1 <= len(manifest["description"]) <= 255, "library.json: description must have 1 to 255 letters")
    for key in "keywords authors license frameworks platforms headers".split():
        demand(manifest.get(key), f"library.json: lacks {key}")
    demand(all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word) for word in manifest["keywords"]),
           "library.json: keywords are small letters, digits and dashes")
    demand(manifest["license"] == "MIT", "library.json: license is no SPDX name of LICENSE")
    demand(manifest["frameworks"] == manifest["platforms"] == "*", "library.json: leaves out boards")
    for header in manifest["headers"]:
        demand(os.path.isfile(os.path.join(package, "src", header)), f"src/{header}: in library.json, but missing")


def check_esp_idf(package, version):
    manifest = yaml.safe_load(read(package, "idf_component.yml"))
    known = "version description url license targets dependencies maintainers tags repository documentation".split()
    demand(not set(manifest) - set(known), "idf_component.yml: has unknown entries")
    demand(manifest.get("version") == version, "idf_component.yml: has another version than rbm/config.hpp")
    demand(isinstance(manifest.get("description"), str), "idf_component.yml: lacks a description")
    demand(manifest.get("license") == "MIT", "idf_component.yml: license is no SPDX name of LICENSE")
    demand(re.match(r"https?://", manifest.get("url", "")), "idf_component.yml: url is none")
    demand("idf_component_register(" in read(package, "CMakeLists.txt"), "CMakeLists.txt: registers no component")
    # The registry asks for both.
    for name in ("README.md", "LICENSE"):
        demand(len(read(package, name)) > 500, f"{name}: says hardly anything")


def check_zephyr(package):
    module = yaml.safe_load(read(package, "zephyr", "module.yml"))
    demand(set(module) <= {"name", "build"}, "zephyr/module.yml: has unknown entries")
    demand(re.fullmatch(r"[A-Za-z0-9_-]+", module["name"]), "zephyr/module.yml: has no usable name")
    build = module["build"]
    demand(set(build) == {"cmake", "kconfig"}, "zephyr/module.yml: build needs cmake and kconfig")
    demand(os.path.isfile(os.path.join(package, build["cmake"], "CMakeLists.txt")), "zephyr: no CMakeLists.txt")
    demand(os.path.isfile(os.path.join(package, build["kconfig"])), "zephyr: no Kconfig")


def main():
    package, version = sys.argv[1:]
    demand(re.fullmatch(r"\d+\.\d+\.\d+", version), f"version {version}: is no semantic version")
    check_files(package)
    check_arduino(package, version)
    check_platformio(package, version)
    check_esp_idf(package, version)
    check_zephyr(package)
    print(*faults, sep="\n", end="\n" if faults else "")
    sys.exit(1 if faults else 0)


main()
