#!/bin/sh
# What models of readings reach on a folder of recordings, by the command line alone: prints
# tools/bench/sensors/README.md, in about an hour. Usage: run.sh FOLDER; SEEDS="1 2" measures fewer seeds.
#
# The folder has anomaly/NAME_{learn,normal,odd}.csv.gz, fill/NAME_{learn,gaps,truth}.csv.gz and judge.py, which
# says how well scores tell normal from odd (`auc`), and how far filled cells are from the truth (`fill`).
set -eu
cd "$(dirname "$0")/../../.."
folder=${1:?usage: run.sh FOLDER}
seeds=${SEEDS:-1 2 3 4 5}
python=${PYTHON:-python3}
rbm=${RBM:-build/rbm}
work=build/sensors
results=$work/results
mkdir -p $work
: >$results

figures() { "$python" tools/bench/sensors/figures.py "$@"; }
judge() { "$python" "$folder/judge.py" "$@"; }
data() { gzip -dc "$folder/$1.csv.gz"; }
# result WHAT SET VALUE
result() { printf '%s|%s|%s\n' "$1" "$2" "$3" | tee -a $results >&2; }

# learn MODEL [OPTION...]: the one command line of all sets; leaves the seconds that it took in $work/seconds
learn() {
    model=$1
    shift
    figures seconds "$rbm" train $work/learn.csv --threads 1 --seed "$seed" --quiet --out "$model" "$@" >$work/log
    tail -n 1 $work/log >$work/seconds
}

# auc MODEL NAME ODD: of its scores
auc() {
    data "anomaly/$2_normal" | "$rbm" score "$1" - --quiet --out $work/normal.csv >$work/log
    data "anomaly/$3_odd" | "$rbm" score "$1" - --quiet --out $work/odd.csv >$work/log
    judge auc $work/normal.csv $work/odd.csv | sed 's/AUC \([^ ]*\).*/\1/'
}

# quantized BITS: the header of $work/small.safetensors
quantized() {
    "$rbm" quantize $work/small.safetensors --bits "$1" --quiet --out "$work/small_$1.h" >$work/log
    echo "$work/small_$1.h"
}

# measure WHAT MODEL SET: its AUC; artefacts are odd beats of the model of beats
measure() {
    result "$1" "$3" "$(auc "$2" "$3" "$3")"
    [ "$3" != ecg ] || result "$1" ecg_artefact "$(auc "$2" ecg ecg_artefact)"
}

baseline() { judge baseline "$@" | sed 's/AUC \([^,]*\),.*/\1/'; }

for set in ecg mote_multi_1_changes mote_multi_3_changes mote_single_1_changes mote_single_4_changes shuttle satellite \
    ecg_raw; do
    result baseline $set "$(baseline $set)"
    [ $set != ecg ] || result baseline ecg_artefact "$(baseline ecg ecg_artefact_odd)"
    data "anomaly/${set}_learn" >$work/learn.csv
    for seed in $seeds; do
        learn $work/small.safetensors --hidden 16
        measure floats_16 $work/small.safetensors $set
        measure integers_8 "$(quantized 8)" $set
        measure integers_4 "$(quantized 4)" $set
        learn $work/model.safetensors
        result seconds $set "$(cat $work/seconds)"
        measure floats $work/model.safetensors $set
    done
done

for set in motes tao satellite ecg; do
    data fill/${set}_learn >$work/learn.csv
    for seed in $seeds; do
        learn $work/model.safetensors --hidden 32 --factors 8
        data fill/${set}_gaps | "$rbm" fill $work/model.safetensors - --quiet --out $work/filled.csv >$work/log
        result "cells filled in: RMSE in deviations" $set \
            "$(judge fill $set $work/filled.csv | sed 's/RMSE \([^ ]*\).*/\1/')"
    done
done

data anomaly/ecg_learn >$work/learn.csv
data anomaly/ecg_normal >$work/clean.csv
deviation=$(figures noise $work/clean.csv $work/noisy.csv)
for seed in $seeds; do
    learn $work/model.safetensors --hidden 32 --factors 8
    "$rbm" reconstruct $work/model.safetensors $work/noisy.csv --noise "$deviation" --quiet --out $work/cleaned.csv \
        >$work/log
    result "noise of 10 dB taken away: dB gained" ecg "$(figures gain $work/clean.csv $work/noisy.csv $work/cleaned.csv)"
done

for readings in 10 20; do
    truth=$(figures gaussian $readings $work)
    for seed in $seeds; do
        for options in "" "--factors 8"; do
            # shellcheck disable=SC2086 # no or two words
            learn $work/model.safetensors $options
            "$rbm" score $work/model.safetensors $work/test.csv --quiet --out $work/scores.csv >$work/log
            result "one Gaussian: nats a reading from the truth${options:+, $options}" "$readings readings" \
                "$(figures nats $work/scores.csv "$truth" $readings)"
        done
    done
done

figures bits $work
for count in 3 6; do
    judge auc $work/frequencies_normal.csv $work/frequencies_wrong_$count.csv |
        sed "s/AUC \([^ ]*\).*/digits of bits, AUC by a frequency a pixel|$count of 64 wrong|\1/" >>$results
done
for seed in $seeds; do
    learn $work/model.safetensors --hidden 64 --recipe likelihood --epochs 400
    for set in normal wrong_3 wrong_6; do
        "$rbm" score $work/model.safetensors $work/$set.csv --quiet --out $work/scores_$set.csv >$work/log
    done
    for count in 3 6; do
        result "digits of bits, AUC by the free energy" "$count of 64 wrong" \
            "$(judge auc $work/scores_normal.csv $work/scores_wrong_$count.csv | sed 's/AUC \([^ ]*\).*/\1/')"
    done
done

cat <<'END_OF_TEXT'
# What models of readings reach

`tools/bench/sensors/run.sh FOLDER` prints this page from a folder of recordings, in about an hour; its first lines say
what the folder has. All by the command line, the same for every set, from five seeds: the mean, with the least and the
largest. [Real readings](../../docs/real_readings.md) says what follows from it.

The recordings are not in the project. ecg: beats of MIT-BIH record 208 (PhysioNet), 64 readings each; odd are
ventricular beats, or artefacts; in ecg_raw the level of the window is left in. mote: windows of humidity and
temperature (Suthaharan 2010), odd with steam. shuttle, satellite: Statlog (UCI). tao: buoys (NOAA). All learn from
normal examples alone.

- `rbm train learn.csv --hidden 16`, then `rbm quantize --bits 8` or `4`, scored by `rbm score` of the header, which
  computes the device's integers, and of the floats; then with as many hidden units as `rbm train learn.csv` takes. Mean
  and deviation: the sum of ((r - mean) / deviation)^2, both learned from the same examples. Seconds are of one core.
- Cells and noise: `rbm train learn.csv --hidden 32 --factors 8`, then `rbm fill`; `rbm reconstruct --noise`.
- One Gaussian: 5,000 examples drawn from one with all covariances, and the mean of log p on 5,000 others, less that of
  the Gaussian itself.
- Bits: the project's digits, black and white, and the same with 3 or 6 of 64 pixels wrong; beside it a frequency for
  each pixel.

END_OF_TEXT
figures tables $results
