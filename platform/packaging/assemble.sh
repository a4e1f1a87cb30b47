#!/bin/sh
# Assembles the device package, which Arduino, PlatformIO, ESP-IDF, Zephyr and CMake all take:
# platform/packaging/assemble.sh FOLDER, with the command that RBM names. The version comes from rbm/config.hpp.
set -eu
cd "$(dirname "$0")/../.."
package=$1
packaging=platform/packaging
command=${RBM:-build/rbm}
# What registries show as the project's page. Until the project has a public one, what the library is about.
url=https://en.wikipedia.org/wiki/Restricted_Boltzmann_machine
version=$(tools/scripts/version.sh)

rm -rf "$package"
mkdir -p "$package/src/rbm" "$package/zephyr"
cp rbm/*.hpp rbm/*.h "$package/src/rbm"
cp $packaging/rbm.h "$package/src"
cp LICENSE $packaging/README.md $packaging/CMakeLists.txt "$package"
cp $packaging/zephyr/* "$package/zephyr"
cp -R $packaging/examples "$package"
for manifest in library.properties library.json idf_component.yml; do
    sed -e "s|@VERSION@|$version|" -e "s|@URL@|$url|" $packaging/$manifest >"$package/$manifest"
done

# The example's model: windows of 32 readings with a pulse of 8 at each place.
example=$package/examples/Repair
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
awk 'BEGIN {
    for (start = 0; start <= 24; ++start)
        for (j = 0; j < 32; ++j) printf("%d%s", j >= start && j < start + 8, j < 31 ? "," : "\n")
}' >"$scratch/pulses.csv"
"$command" train "$scratch/pulses.csv" --hidden 16 --visible thresholded --optimizer sgd --batch 5 --epochs 3000 \
    --weight-decay 0.001 --quiet --out "$scratch/pulse.safetensors" >/dev/null
"$command" quantize "$scratch/pulse.safetensors" --bits 8 --name pulse_rbm --out "$example/pulse_rbm.h" >/dev/null
