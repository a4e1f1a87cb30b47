#!/bin/sh
# Online learning in floats and in fixed point: what a step costs without an FPU, and how well the digits are learned,
# in about five minutes. Variants of the fixed point are made by changing a line or two in a copy of the library.
# `run.sh quick` only compiles them.
set -eu
cd "$(dirname "$0")/../../.."
quick=${1:-}
folder=build/online
mkdir -p $folder
tools/scripts/embed.sh digits >$folder/digits.inc

# copy NAME [FILE FROM TO]...: a copy of the library with each FROM in a file replaced
copy() {
    copied=$folder/$1
    rm -rf "$copied"
    mkdir -p "$copied/tools/bench"
    cp -r rbm "$copied"
    cp -r tools/bench/online "$copied/tools/bench"
    shift
    while [ $# -gt 0 ]; do
        sed "s/$2/$3/" "rbm/$1" >"$copied/changed"
        if cmp -s "rbm/$1" "$copied/changed"; then
            echo "online/run.sh: no '$2' in rbm/$1" >&2
            exit 1
        fi
        cp "$copied/changed" "$copied/rbm/$1"
        shift 3
    done
}

# instructions BOARD INSTRUCTIONS-PER-TICK FLAG...: of a step
instructions() {
    board=$1 per_tick=$2
    shift 2
    platform/build.sh "$board" "$copied/cost.elf" "$copied/tools/bench/online/cost.cpp" -- "-I$copied" "-I$folder" -Wno-unused-variable "$@"
    platform/run.sh "$board" "$copied/cost.elf" | awk -v per_tick="$per_tick" '{ printf "%.0f", $1 * per_tick / 100 }'
}

# row NAME MODEL-BYTES [FLAG...]: of the copy made last
row() {
    name=$1 model_bytes=$2
    shift 2
    if [ "$quick" = quick ]; then
        ${CXX:-c++} -std=c++17 -ffp-contract=off "-I$copied" "-I$folder" "$@" -fsyntax-only "$copied/tools/bench/online/quality.cpp"
        return
    fi
    ${CXX:-c++} -std=c++17 -O3 -march=native -ffp-contract=off "-I$copied" "-I$folder" "$@" "$copied/tools/bench/online/quality.cpp" \
        -o "$copied/quality"
    printf '| %s | %s | %s | %s | %s |\n' "$name" "$(instructions microbit 62.5 "$@")" \
        "$(instructions mps2-an385 40 "$@")" "$model_bytes" "$("$copied/quality")"
}

parameters=$((64 * 24 + 64 + 24))
nearest='fixed_point_online.hpp detail::half_draw(.*) 0x8000u'
bytes='fixed_point.hpp Parameter.=.int16_t Parameter=int8_t'

echo '64x24, CD-1 | Cortex-M0 | Cortex-M3 | model bytes | nats (worst .. best seed) at rate'
echo '|---|---|---|---|---|'
copy floats
row 'floats' $((4 * parameters)) -DFLOATS
copy fixed_point
row '16 bits, 2^-11 nats' $((2 * parameters))
# shellcheck disable=SC2086 # three words each
copy nearest $nearest
row '16 bits, rounded to nearest' $((2 * parameters))
for fraction in 4 5; do
    # shellcheck disable=SC2086
    copy bytes $bytes fixed_point.hpp 'parameter_fraction = 11' "parameter_fraction = $fraction"
    row "8 bits, 2^-$fraction nats" $parameters
    # shellcheck disable=SC2086
    copy bytes-nearest $bytes fixed_point.hpp 'parameter_fraction = 11' "parameter_fraction = $fraction" $nearest
    row "8 bits, 2^-$fraction nats, rounded to nearest" $parameters
done
