#!/bin/sh
# What alarms do on a folder of recordings, by the command line alone: prints tools/bench/sensors/alarms.md, in about a
# quarter of an hour. Usage: alarms.sh FOLDER; RATE=1% asks for another rate of false alarms.
#
# The folder has anomaly/NAME_{learn,normal,odd}.csv.gz, rows that are examples, and recordings/mote_*.csv.gz, readings of
# motes with a column `label`. Models learn from normal examples alone.
set -eu
cd "$(dirname "$0")/../../.."
folder=${1:?usage: alarms.sh FOLDER}
rate=${RATE:-1%}
seed=${SEED:-1}
python=${PYTHON:-python3}
rbm=${RBM:-build/rbm}
work=build/alarms
mkdir -p $work
: >$work/results

table() { "$python" tools/bench/sensors/alarms.py "$@"; }
data() { gzip -dc "$folder/$1.csv.gz"; }
learn() { "$rbm" train "$@" --seed "$seed" --threads 1 --quiet 2>>$work/log; }

# measure WHAT SET MODEL NORMAL ODD [OPTION...]: a line of JSON of what the model, and what is simpler, find
measure() {
    what=$1 set=$2 model=$3 normal=$4 odd=$5
    shift 5
    "$rbm" score "$model" "$normal" --odd "$odd" --json --quiet "$@" >$work/line 2>>$work/log
    table note "$what" "$set" $work/line >>$work/results
    echo "$what $set" >&2
}

for set in ecg shuttle satellite; do
    for part in learn normal odd; do data "anomaly/${set}_$part" >$work/$part.csv; done
    for fold in 0 1 2 3; do
        table split $work/learn.csv $fold $work/most.csv $work/quarter.csv
        learn $work/most.csv --hidden 16 --out $work/m.safetensors
        measure "a quarter held out" $set $work/m.safetensors $work/normal.csv $work/odd.csv \
            --calibrate $work/quarter.csv --false-alarms "$rate"
    done
    learn $work/learn.csv --hidden 16 --false-alarms "$rate" --out $work/m.safetensors
    measure "the learned ones, in turn" $set $work/m.safetensors $work/normal.csv $work/odd.csv
done

for file in mote_multi mote_single; do
    data "recordings/$file" >$work/$file.csv
    for mote in $(table motes $work/$file.csv); do
        table first $work/$file.csv "$mote" 0.45 $work/learn.csv $work/rest.csv
        learn $work/learn.csv --columns humidity,temperature --label-column label --rate 0.2 --window 16 --hop 4 --detrend start \
            --hidden 16 --false-alarms "$rate" --out $work/m.safetensors
        for model in $work/m.safetensors $work/m.h; do
            [ $model = $work/m.safetensors ] || "$rbm" quantize $work/m.safetensors --out $model --quiet >$work/log
            "$rbm" score $model $work/rest.csv --label-column label --rate 0.2 --json --quiet >$work/line 2>>$work/log
            case $model in *.h) what="8 bits" ;; *) what=floats ;; esac
            table note "recording, $what" "$file, mote $mote" $work/line >>$work/results
        done
        echo "$file $mote" >&2
    done
done

cat <<'END_OF_TEXT'
# What alarms do

`tools/bench/sensors/alarms.sh FOLDER` prints this page; its first lines say what the folder has, and
[the other page](README.md) what the sets are. All by `rbm train --hidden 16`, `rbm score --calibrate` and
`rbm train --false-alarms`, asked for 1 % of false alarms.

END_OF_TEXT
table page $work/results
