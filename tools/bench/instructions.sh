#!/bin/sh
# The instructions that the device runtime and online learning take on each emulated board, counted one by one: prints
# tools/bench/instructions.md.
#   tools/bench/instructions.sh [digits] [BOARD...]    digits: the first table alone, which needs no MNIST
# About five minutes. It needs the command (RBM, or build/rbm), MNIST (tools/scripts/fetch_mnist.sh), gcc, the boards'
# compilers and QEMU 7 or 8, and leaves all in build/instructions. MNIST=MODEL counts with a model of yours.
set -eu
cd "$(dirname "$0")/../.."
out=build/instructions
rbm=${RBM:-build/rbm}
digits_alone=
if [ "${1:-}" = digits ]; then
    digits_alone=yes
    shift
fi
images=build/mnist/t10k-images-idx3-ubyte
platform=platform
. platform/boards/board.sh
need arm-none-eabi-gcc qemu-system-arm
mkdir -p $out

# pack THRESHOLD: lines of numbers as rows of a C array of packed bits
pack() {
    awk -v threshold="$1" '{
        printf "{"
        for (first = 1; first <= NF; first += 8) {
            byte = 0
            for (n = 7; n >= 0; --n) byte = 2 * byte + (first + n <= NF && $(first + n) >= threshold)
            printf "%d,", byte
        }
        print "},"
    }'
}
# quantized DATA MODEL: the model's C headers of 8 and 4 bits
quantized() {
    for bits in 8 4; do
        $rbm quantize "$2" --bits $bits --name model --quiet --out "$out/$1_$bits.h" >/dev/null
    done
}
tail -n 100 tools/data/digits.csv | cut -d, -f1-64 | tr , ' ' | pack 8 >$out/digits.inc
$rbm train digits --hidden 32 --quiet --out $out/digits.safetensors >/dev/null
quantized digits $out/digits.safetensors
# Digits as readings: what is counted hardly depends on the data.
cut -d, -f1-64 tools/data/digits.csv >$out/readings.csv
tail -n 100 $out/readings.csv | sed 's/.*/{&},/' >$out/readings.inc
for factors in 0 2; do
    $rbm train $out/readings.csv --visible real --hidden 16 --factors $factors --epochs 2 --quiet \
        --out $out/readings.safetensors >/dev/null
    quantized readings_$factors $out/readings.safetensors
done
# With labels: the digits as bits, and as readings.
labelled="--labels 65 --hidden 16 --epochs 2 --quiet"
# shellcheck disable=SC2086 # several words
$rbm train tools/data/digits.csv --visible sampled --maximum 16 $labelled --out $out/bits_labels.safetensors >/dev/null
# shellcheck disable=SC2086
$rbm train tools/data/digits.csv --visible real $labelled --out $out/readings_labels.safetensors >/dev/null
for kind in bits readings; do quantized ${kind}_labels $out/${kind}_labels.safetensors; done
if [ -z "$digits_alone" ]; then
    od -An -v -tu1 -w784 -j16 -N78400 $images | pack 128 >$out/mnist.inc
    mnist=${MNIST:-$out/mnist.safetensors}
    [ -e "$mnist" ] || $rbm train build/mnist/train-images-idx3-ubyte --quiet --out "$mnist" >/dev/null
    quantized mnist "$mnist"
    mkdir -p $out/learn
    sed 's/$/,/' tools/data/digits.csv >$out/learn/digits.inc
fi
${CC:-gcc} -shared -fPIC -O2 tools/bench/instruction_counter.c -o $out/counter.so

# run DIGITS: the instructions of each function of work.elf on the board, for each of so many digits, the most first
run() {
    firmware=
    [ "$family" = cortex-m ] || firmware='-bios none'
    # shellcheck disable=SC2086,SC2154 # two words or none; read_board sets the rest
    bounded $emulator -M "$machine" -display none -monitor none -serial none $firmware -semihosting-config \
        enable=on,target=native -plugin $out/counter.so,out=$out/counts -kernel $out/work.elf >/dev/null
    grep -v -e '^on_reset ' -e '^start_program ' -e '^board_' $out/counts | awk -v digits="$1" \
        '$2 >= digits { sub(/[.].*/, "", $1); printf "%s %d\n", $1, $2 / digits + 0.5 }' | sort -k2 -n -r
}
# build FLAG...: work.elf of the flags' sources for the board; fails where it does not fit
build() {
    platform/build.sh "$board" $out/work.elf "$@" 2>$out/log && return
    grep -q 'will not fit' $out/log || cat $out/log >&2
    return 1
}
# count DATA BITS WORK [FLAG]: of each function of the runtime
count() {
    build tools/bench/instructions.c -- -DWORK="$3" -DMODEL_HEADER="\"$out/$1_$2.h\"" -DDIGITS="\"$out/$1.inc\"" ${4:-} || return 0
    run 100 | grep -v '^main '
}
# count_readings FACTORS BITS WORK: likewise of a model of readings
count_readings() {
    build tools/bench/instructions_readings.c -- -DWORK="$3" -DMODEL_HEADER="\"$out/readings_$1_$2.h\"" \
        -DREADINGS="\"$out/readings.inc\"" || return 0
    run 100 | grep -v '^main '
}
# count_stream FACTORS DETREND: likewise of a stream of windows; what is taken away has the numbers of RBM_DETREND_*
count_stream() {
    build tools/bench/instructions_stream.c -- -DDETREND="$2" -DMODEL_HEADER="\"$out/readings_$1_8.h\"" \
        -DREADINGS="\"$out/readings.inc\"" || return 0
    run 100 | grep -v '^main '
}
# count_labels KIND EXAMPLES BITS: likewise of a model of bits or readings with labels
count_labels() {
    build tools/bench/instructions_labels.c -- -DMODEL_HEADER="\"$out/$1_labels_$3.h\"" -DEXAMPLES="\"$out/$2.inc\"" || return 0
    run 100 | grep -v '^main '
}
# learn [FLAG]: a step of online learning, what another hundred digits cost by so much
learn() {
    before=0 after=0
    for rounds in 1 2; do
        before=$after
        build tools/bench/online/cost.cpp -- "-I$out/learn" -DROUNDS=$rounds ${1:-}
        after=$(run 1 | awk '{ sum += $2 } END { print sum }')
    done
    echo $(((after - before + 50) / 100)) | group
}
# Numbers of four digits and more, with commas.
group() { sed -e :more -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|[,.;` |]\)/\1,\2\3/;tmore'; }
sum() { awk '{ sum += $2 } END { print NR ? sum : "does not fit" }' | group; }
row() { printf '| %s ' "$@" && echo '|'; }

# work_table DATA: every work at both widths, a row for each board
work_table() {
    row core 'reconstruct, 8 bits' '4 bits' 'Gibbs step, 8 bits' '4 bits' 'features, 8 bits' '4 bits' \
        'free energy, 8 bits' '4 bits'
    echo '|---|---|---|---|---|---|---|---|---|'
    for board in $boards; do
        read_board "$board"
        data=$1
        set -- "$data" "$core"
        for work in 1 2 3 4; do
            for bits in 8 4; do set -- "$@" "$(count "$data" $bits $work | sum)"; done
        done
        shift
        row "$@"
        set -- "$data"
    done
}

# readings_table FACTORS: every work at both widths, a row for each board
readings_table() {
    row core 'free energy, 8 bits' '4 bits' 'features, 8 bits' '4 bits' 'reconstruct, 8 bits' '4 bits' \
        'Gibbs step, 8 bits' '4 bits'
    echo '|---|---|---|---|---|---|---|---|---|'
    for board in $boards; do
        read_board "$board"
        factors=$1
        set -- "$core"
        for work in 1 2 3 4; do
            for bits in 8 4; do set -- "$@" "$(count_readings "$factors" $bits $work | sum)"; done
        done
        row "$@"
        set -- "$factors"
    done
}

# stream_table: the rbm_detector of both models and three detrendings, a row for each board
stream_table() {
    row core 'no factors, as they are' 'mean taken away' 'line taken away' 'two factors, as they are' 'mean taken away' \
        'line taken away'
    echo '|---|---|---|---|---|---|---|'
    for board in $boards; do
        read_board "$board"
        set -- "$core"
        for factors in 0 2; do
            for detrend in 0 2 3; do set -- "$@" "$(count_stream $factors $detrend | sum)"; done
        done
        row "$@"
    done
}

# labels_table: a row for each board
labels_table() {
    row core 'bits, 8 bits a weight' '4 bits' 'readings, 8 bits a weight' '4 bits'
    echo '|---|---|---|---|---|'
    for board in $boards; do
        read_board "$board"
        set -- "$core"
        for bits in 8 4; do set -- "$@" "$(count_labels bits digits $bits | sum)"; done
        for bits in 8 4; do set -- "$@" "$(count_labels readings readings $bits | sum)"; done
        row "$@"
    done
}

boards=${*:-$(awk '$2 == "cortex-m" || $2 == "riscv" { print $1 }' platform/boards/boards.txt)}
cat <<END_OF_TEXT
# Instructions on a microcontroller

The instructions of the device runtime for one input, the mean of 100 digits, on the emulated boards of
\`platform/boards/boards.txt\` (GCC $(arm-none-eabi-gcc -dumpfullversion), -O2). \`tools/bench/instructions.sh\` prints this page.

## A model of 64x32 units

$(work_table digits)

## A model of 64 readings and 16 hidden units

$(readings_table 0)

The same with two factors:

$(readings_table 2)

## A stream of readings

Of the same models with 8 bits: eight new readings pushed, the window of 64 taken, scored, and voted on.

$(stream_table)

## Labels

A classification with models of 64 bits or readings, 16 hidden units and 10 labels.

$(labels_table)
END_OF_TEXT
[ -z "$digits_alone" ] || exit 0
cat <<END_OF_TEXT

## A model of 784x500 units

MNIST's digits, by the model of \`rbm train\` with its defaults.

$(work_table mnist)

A reconstruction with 8 bits, by function; \`work\` is what the compiler has put into the caller, the sigmoids of 784 units
among it:

| core | function: instructions |
|---|---|
$(for board in $boards; do
    read_board "$board"
    parts=$(count mnist 8 1 | sed 's/\(.*\) \(.*\)/`\1` \2/' | group | paste -s -d , | sed 's/,`/, `/g')
    [ -z "$parts" ] || row "$core" "$parts"
done)

## Without unaligned loads

The same model with 8 bits and \`-mno-unaligned-access\`, on the cores whose kernels load words from any address.

| core | reconstruct | Gibbs step | features | free energy |
|---|---|---|---|---|
$(for board in $boards; do
    read_board "$board"
    case $core in Cortex-M3 | Cortex-M4F | Cortex-M7 | Cortex-M33) ;; *) continue ;; esac
    set -- "$core"
    for work in 1 2 3 4; do set -- "$@" "$(count mnist 8 $work -mno-unaligned-access | sum)"; done
    row "$@"
done)

## A step of online learning

64x24 units, CD-1, the mean of 100 digits after 1,500 learned, by \`Online\` in floats and by \`FixedPointOnline\`.

| core | floats | fixed point |
|---|---|---|
$(for board in $boards; do
    read_board "$board"
    row "$core" "$(learn -DFLOATS)" "$(learn)"
done)
END_OF_TEXT
