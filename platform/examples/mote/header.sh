#!/bin/sh
# What platform/examples/watch.c includes: platform/examples/mote/header.sh FOLDER learns a model from the first 800 moments
# of mote.csv, sets its limit by the next 400, with the command that RBM names, and writes FOLDER/sensor.h; and the last 240
# moments as rows of a C array, in steps of a hundredth: FOLDER/mote.inc.
set -eu
mote=$(dirname "$0")/mote.csv
rbm=${RBM:-build/rbm}
sed -n 1,801p "$mote" >"$1/learn.csv"
sed -n -e 1p -e 802,1201p "$mote" >"$1/normal.csv"
"$rbm" train "$1/learn.csv" --columns humidity,temperature --window 16 --hop 4 --detrend start --hidden 16 --factors 2 --epochs 200 \
    --out "$1/sensor.safetensors"
"$rbm" score "$1/sensor.safetensors" --calibrate "$1/normal.csv" --false-alarms 1%
"$rbm" quantize "$1/sensor.safetensors" --step 0.01 --name sensor --out "$1/sensor.h"
tail -n 240 "$mote" | awk -F, '{ printf "{%.0f, %.0f, %d},\n", 100 * $1, 100 * $2, $3 }' >"$1/mote.inc"
