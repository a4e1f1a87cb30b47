#!/bin/sh
# How well the digits are learned online, in floats, in the library's fixed point and in variants of it: prints
# tools/bench/online/README.md, in about five minutes. A variant is a copy of the library with a line or two changed.
# `run.sh quick` only compiles them.
set -eu
cd "$(dirname "$0")/../../.."
quick=${1:-}
folder=build/online
mkdir -p $folder
tools/scripts/embed.sh digits >$folder/digits.inc

# copy NAME [FILE FROM TO]...: a copy of the library with each FROM in a file of rbm/ replaced
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

# row NAME MODEL-BYTES [FLAG...]: of the copy made last
row() {
    name=$1 model_bytes=$2
    shift 2
    set -- -std=c++17 -ffp-contract=off "-I$copied" "-I$folder" "$@" "$copied/tools/bench/online/quality.cpp"
    if [ "$quick" = quick ]; then
        ${CXX:-c++} "$@" -fsyntax-only
        return
    fi
    ${CXX:-c++} -O3 -march=native "$@" -o "$copied/quality"
    printf '| %s | %s | %s |\n' "$name" "$model_bytes" "$("$copied/quality")"
}

cat <<'END_OF_TEXT'
# How well a device learns

`Online` learns in floats, `FixedPointOnline` in 16-bit fixed point with steps of 2^-11 nats. `tools/bench/online/run.sh`
prints this page, in about five minutes: 64x24 units, CD-1, 20 epochs of the 1,500 digits; the exact mean log-likelihood
of the 297 held out, at the best of five rates: the mean of three seeds, with the worst and the best seed's.
[What a step costs](../instructions.md#a-step-of-online-learning).

| parameters | model bytes | nats (worst .. best seed) at rate |
|---|---|---|
END_OF_TEXT
parameters=$((64 * 24 + 64 + 24))
nearest='fixed_point_online.hpp detail::half_draw(.*) 0x8000u'
bytes='fixed_point.hpp Parameter.=.int16_t Parameter=int8_t'
copy floats
row 'floats' $((4 * parameters)) -DFLOATS
copy fixed_point
row '16 bits, steps of 2^-11 nats' $((2 * parameters))
# shellcheck disable=SC2086 # three words each
copy nearest $nearest
row '16 bits, rounded to nearest' $((2 * parameters))
for fraction in 4 5; do
    # shellcheck disable=SC2086
    copy bytes $bytes fixed_point.hpp 'fraction = 11' "fraction = $fraction"
    row "8 bits, 2^-$fraction nats" $parameters
    # shellcheck disable=SC2086
    copy bytes-nearest $bytes fixed_point.hpp 'fraction = 11' "fraction = $fraction" $nearest
    row "8 bits, 2^-$fraction nats, rounded to nearest" $parameters
done
cat <<'END_OF_TEXT'

Sixteen bits lose nothing. Rounding at random costs nothing, and rounding to nearest does as well at these rates where
steps are fine enough, but it moves nothing once the rate is below half a step. Eight bits halve the model once more and
lose 0.3 to 2 nats with rounding at random; their parameters are bounded at 4 or 8 nats instead of 16. So the library
offers 16 bits alone.
END_OF_TEXT
