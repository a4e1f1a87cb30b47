#!/bin/sh
# How well the digits are learned online, in floats, in the library's fixed point and in variants of it: prints
# tools/bench/online/README.md, in about five minutes. A variant is a copy of the library with a line or two changed.
# The last table is that of a recording: `run.sh RECORDING BEATS`, CSV files that the page describes, or such packed
# by gzip. `run.sh quick` only compiles all.
set -eu
[ $# -lt 2 ] || recording=$(realpath "$1") beats=$(realpath "$2")
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

for program in readings watching; do
    set -- -std=c++17 -ffp-contract=off -I. tools/bench/online/$program.cpp
    if [ "$quick" = quick ]; then
        ${CXX:-c++} "$@" -fsyntax-only
    elif [ -n "${recording:-}" ]; then
        ${CXX:-c++} -O3 -march=native "$@" -o $folder/$program
    fi
done
[ "$quick" != quick ] && [ -n "${recording:-}" ] || exit 0
gzip -dcf "$recording" >$folder/recording.csv
gzip -dcf "$beats" >$folder/beats.csv
cat <<'END_OF_TEXT'

## From a stream of readings

`Online` and `FixedPointRealOnline` learn the beats of an ECG one by one, with running offsets, from the first beat on,
and running scales, from the recorder's step on; 64x16 units, CD-1 at the rate 0.01. The record is 208 of the MIT-BIH
Arrhythmia Database (PhysioNet, ODC-By 1.0), as SciPy 1.10 ships it: `run.sh RECORDING BEATS` takes a CSV of
its readings in mV at 360 Hz, and one of the places and kinds of its beats (0 normal, 1 ventricular, 2 artefact). A beat
is 64 readings at 90 Hz, 22 of them before its peak, less their mean; in fixed point they are rounded to steps of 5 uV.
150 beats are learned, each once. Then all the others are scored by their free energy: the area under the curve, normal
against ventricular beats; the mean of the seeds 1 to 5 (least .. most).

| | bytes, model and memory | first 150 of the record | 150 of all, in any order | 150 normal beats |
|---|---|---|---|---|
END_OF_TEXT
$folder/readings $folder/recording.csv $folder/beats.csv
cat <<'END_OF_TEXT'

Among the first 150 beats of the record 9 are ventricular and 13 artefacts; in any order about 27 and 8. What is odd in
the stream widens plain deviations and moves running ones little, and the hidden units explain the rest: at the rate 0,
in any order, the running offsets and scales alone reach 0.83 (0.05 .. 1.00), as the first beats happen to be. With its
level left in every beat, all this fails (0.70 to 0.88): take away the mean, as here, or learn factors on a desktop.
END_OF_TEXT
cat <<'END_OF_TEXT'

## Learning what is usual, and watching

`FixedPointDetector` learns the first 150 beats, in the same settings, then scores each beat, flags what is above its
limit, and learns the three quarters that are most usual. In each cell: of the ventricular beats flagged, of the normal
ones flagged; of the ventricular ones learned, all in %; the AUC of the model at the end, on all beats but the first
150. Means of five seeds.

| margin | as recorded | in any order | after 150 normal beats |
|---|---|---|---|
END_OF_TEXT
$folder/watching $folder/recording.csv $folder/beats.csv margins
cat <<'END_OF_TEXT'

Hardly a ventricular beat changes the model, whatever the margin, and it is as good in any order as after normal beats
alone; learning all beats in any order leaves 0.981. A fifth of the beats is ventricular, and late in the record more
than a quarter, so that only a low margin flags them. Below, with a margin of 1: two hours of faulty beats after the
stream, and then the stream again.

| the readings are | status | learned, % | AUC before | AUC after |
|---|---|---|---|---|
END_OF_TEXT
$folder/watching $folder/recording.csv $folder/beats.csv faults
cat <<'END_OF_TEXT'

Nothing faulty is learned. A sensor that reads a third of what it did still gives windows that are near to usual ones: they are learned, and cost
little. Below a quarter they count as flat.
END_OF_TEXT
