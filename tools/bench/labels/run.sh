#!/bin/sh
# What labels reach by the command line alone, on a folder of sets: prints the figures of README.md as one table, in
# about a minute, with MNIST in more than half an hour. Usage: run.sh FOLDER [MNIST]; SEEDS="1 2" measures fewer seeds.
#
# The folder has NAME_{learn,test}.csv.gz of satellite, vowel and ecg, labels in the last column; MNIST has its four IDX
# files. The digits are the project's: 1,500 to learn, 297 of other writers to test.
set -eu
cd "$(dirname "$0")/../../.."
folder=${1:?usage: run.sh FOLDER [MNIST]}
mnist=${2:-}
seeds=${SEEDS:-1 2 3 4 5}
python=${PYTHON:-python3}
rbm=${RBM:-build/rbm}
work=build/labels
results=$work/results
mkdir -p $work
: >$results

# result SET WHAT VALUE
result() {
    if [ -z "$3" ]; then
        echo "run.sh: no figure: $1, $2" >&2
        exit 1
    fi
    printf '%s|%s|%s\n' "$1" "$2" "$3" | tee -a $results >&2
}

# right MODEL DATA LABELS: how many of a hundred are told right
right() {
    "$rbm" classify "$1" "$2" --labels "$3" --quiet --out $work/told.csv >$work/log
    sed -n 's/^accuracy *\([0-9.]*\) %.*/\1/p' $work/log
}

# header SET BITS TEST LABELS [OPTION...]: the integers of $work/model.safetensors
header() {
    set_name=$1 bits=$2 of_test=$3 of_labels=$4
    shift 4
    "$rbm" quantize $work/model.safetensors --bits "$bits" "$@" --quiet --out $work/model.h >$work/quantized
    result "$set_name" "$bits bits" "$(right $work/model.h "$of_test" "$of_labels")"
    result "$set_name" "bytes at $bits bits" "$(sed -n 's/^flash *\([0-9,]*\) bytes.*/\1/p' $work/quantized | tr -d ,)"
}

# measure SET HIDDEN LEARN TEST LABELS TESTLABELS [OPTION...]
measure() {
    name=$1 hidden=$2 learn=$3 test=$4 labels=$5 test_labels=$6
    shift 6
    for seed in $seeds; do
        "$python" tools/bench/sensors/figures.py seconds "$rbm" train "$learn" --labels "$labels" --hidden "$hidden" \
            --seed "$seed" --threads 1 --quiet --out $work/model.safetensors "$@" >$work/learned
        result "$name, $hidden" floats "$(right $work/model.safetensors "$test" "$test_labels")"
        result "$name, $hidden" "seconds to train" "$(tail -n 1 $work/learned)"
        header "$name, $hidden" 8 "$test" "$test_labels"
        header "$name, $hidden" 4 "$test" "$test_labels"
        "$rbm" quantize $work/model.safetensors --bits 4 --tune "$learn" --tune-labels "$labels" --quiet \
            --out $work/model.h >$work/quantized
        result "$name, $hidden" "4 bits, tuned" "$(right $work/model.h "$test" "$test_labels")"
    done
}

for set in satellite vowel ecg; do
    for part in learn test; do gzip -dc "$folder/${set}_$part.csv.gz" >$work/${set}_$part.csv; done
done
head -n 1500 tools/data/digits.csv >$work/digits_learn.csv
tail -n 297 tools/data/digits.csv >$work/digits_test.csv
measure satellite 16 $work/satellite_learn.csv $work/satellite_test.csv 37 37
measure satellite 64 $work/satellite_learn.csv $work/satellite_test.csv 37 37
measure digits 16 $work/digits_learn.csv $work/digits_test.csv 65 65 --maximum 16
measure vowel 16 $work/vowel_learn.csv $work/vowel_test.csv 10 10
measure vowel 64 $work/vowel_learn.csv $work/vowel_test.csv 10 10
measure ecg 16 $work/ecg_learn.csv $work/ecg_test.csv 65 65
if [ -n "$mnist" ]; then
    for hidden in 500 1500; do
        for shift in '' '--shift 1'; do
            # shellcheck disable=SC2086 # no word, or two
            measure "MNIST${shift:+, $shift}" $hidden "$mnist/train-images-idx3-ubyte" "$mnist/t10k-images-idx3-ubyte" \
                "$mnist/train-labels-idx1-ubyte" "$mnist/t10k-labels-idx1-ubyte" --visible sampled --batch 100 \
                $shift --learning-rate 0.005 --weight-decay 0 --epochs 20
        done
    done
fi

# The mean of each figure, with the least and the largest.
echo '| set, hidden units | figure | mean | least to largest |'
echo '|---|---|---|---|'
awk -F'|' '
    { key = $1 " | " $2 }
    !(key in count) { order[++keys] = key; least[key] = largest[key] = $3 }
    { sum[key] += $3; count[key]++
      if ($3 + 0 < least[key] + 0) least[key] = $3
      if ($3 + 0 > largest[key] + 0) largest[key] = $3 }
    END { for (k = 1; k <= keys; k++) { key = order[k]
          printf "| %s | %.2f | %s to %s |\n", key, sum[key] / count[key], least[key], largest[key] } }' $results
