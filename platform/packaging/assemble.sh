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

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The model of Repair: windows of 32 readings with a pulse of 8 at each place.
example=$package/examples/Repair
awk 'BEGIN {
    for (start = 0; start <= 24; ++start)
        for (j = 0; j < 32; ++j) printf("%d%s", j >= start && j < start + 8, j < 31 ? "," : "\n")
}' >"$scratch/pulses.csv"
"$command" train "$scratch/pulses.csv" --hidden 16 --visible thresholded --optimizer sgd --batch 5 --epochs 3000 \
    --weight-decay 0.001 --quiet --out "$scratch/pulse.safetensors" >/dev/null
"$command" quantize "$scratch/pulse.safetensors" --bits 8 --name pulse_rbm --out "$example/pulse_rbm.h" >/dev/null

# make_detector NAME RECORDING STEP OPTION...: a detector for windows of a recording
make_detector() {
    name=$1 recording=$2 step=$3
    shift 3
    "$command" train "$recording" "$@" --false-alarms 1% --quiet --out "$scratch/$name.safetensors" >/dev/null 2>&1
    "$command" quantize "$scratch/$name.safetensors" --step "$step" --name "$name" --out "$scratch/$name.h" >/dev/null
}

# The models of the others: three minutes of a pump that hums, 100 readings a second of 10 bits; and a mote's room.
awk 'BEGIN {
    print "pressure"
    for (n = 0; n < 18000; ++n) {
        noise = (noise * 2053 + 13849) % 65536
        printf("%d\n", 512 + 60 * sin(n / 2.5) + 25 * sin(n / 0.9) + noise / 4096)
    }
}' >"$scratch/pump.csv"
make_detector pump "$scratch/pump.csv" 1 --rate 100 --window 32 --hop 8 --detrend level --hidden 8 --epochs 20
make_detector room platform/examples/mote/mote.csv 0.01 --columns humidity,temperature --label-column steam --rate 0.2 \
    --window 16 --hop 4 --detrend start
cp "$scratch/pump.h" "$package/examples/Watch"
cp "$scratch/pump.h" "$package/examples/watch_esp_idf/main"
cp "$scratch/room.h" "$package/examples/watch_zephyr/src"
