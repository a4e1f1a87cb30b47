#!/bin/sh
# Instructions that the integer runtime takes on each emulated board, counted one by one:
#   tools/bench/instructions.sh [BOARD...]
# For developers of the kernels; about two minutes. It needs build/rbm, MNIST (tools/scripts/fetch_mnist.sh), gcc,
# the boards' compilers and QEMU 7 or 8, and leaves all in build/instructions. MNIST=MODEL counts with a model of
# your own.
set -eu
cd "$(dirname "$0")/../.."
out=build/instructions
images=build/mnist/t10k-images-idx3-ubyte
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
od -An -v -tu1 -w784 -j16 -N78400 $images | pack 128 >$out/mnist.inc
mkdir -p $out/learn
tools/scripts/embed.sh digits >$out/learn/digits.inc
tail -n 100 tools/data/digits.csv | cut -d, -f1-64 | tr , ' ' | pack 8 >$out/digits.inc

build/rbm train digits --hidden 32 --quiet --out $out/digits.safetensors >/dev/null
mnist=${MNIST:-$out/mnist.safetensors}
[ -e "$mnist" ] || build/rbm train build/mnist/train-images-idx3-ubyte --quiet --out "$mnist" >/dev/null
for bits in 8 4; do
    build/rbm quantize $out/digits.safetensors --bits $bits --name model --quiet --out $out/digits_$bits.h >/dev/null
    build/rbm quantize "$mnist" --bits $bits --name model --quiet --out $out/mnist_$bits.h >/dev/null
done
${CC:-gcc} -shared -fPIC -O2 tools/bench/instruction_counter.c -o $out/counter.so

# run BOARD DIGITS: instructions of each function of work.elf, for one of so many digits, the most first
run() {
    read -r family machine <<END
$(awk -v board="$1" '$1 == board { print $2, $4 }' platform/boards/boards.txt)
END
    emulator=qemu-system-arm
    [ "$family" = cortex-m ] || emulator="qemu-system-riscv32 -bios none"
    # shellcheck disable=SC2086 # the emulator may bring an option
    timeout 100 $emulator -M "$machine" -display none -monitor none -serial none \
        -semihosting-config enable=on,target=native -plugin $out/counter.so,out=$out/counts \
        -kernel $out/work.elf </dev/null >/dev/null
    grep -v -e '^on_reset ' -e '^start_program ' -e '^board_' $out/counts | awk -v digits="$2" \
        '$2 >= digits { sub(/[.].*/, "", $1); printf "%s %d\n", $1, $2 / digits + 0.5 }' | sort -k2 -n -r
}
# count BOARD DATA BITS WORK: of a function of the runtime
count() {
    if ! platform/build.sh "$1" $out/work.elf tools/bench/instructions.c -- -DWORK="$4" \
        -DMODEL_HEADER="\"$out/$2_$3.h\"" -DDIGITS="\"$out/$2.inc\"" 2>$out/log; then
        grep -q 'will not fit' $out/log || cat $out/log >&2
        return
    fi
    run "$1" 100 | grep -v '^main '
}
# learn BOARD [FLAG]: instructions of a step of online learning: what another hundred digits cost, by so much
learn() {
    before=0 after=0
    for rounds in 1 2; do
        before=$after
        platform/build.sh "$1" $out/work.elf tools/bench/online/cost.cpp -- "-I$out/learn" -DROUNDS=$rounds ${2:-}
        after=$(run "$1" 1 2>/dev/null | sum) # what the program prints
    done
    echo $(((after - before + 50) / 100))
}
sum() { awk '{ sum += $2 } END { print NR ? sum : "-" }'; }

boards=${*:-$(awk '$2 == "cortex-m" || $2 == "riscv" { print $1 }' platform/boards/boards.txt)}
echo "Instructions for one input, means of 100 digits; - where the model does not fit the board"
printf '%-11s %-13s %12s %12s %12s %12s\n' board work 64x32,8 64x32,4 784x500,8 784x500,4
for board in $boards; do
    number=0
    for work in reconstruct gibbs_step features free_energy; do
        number=$((number + 1))
        set -- "$board" "$work"
        for data in digits mnist; do
            for bits in 8 4; do set -- "$@" "$(count "$board" $data $bits $number | sum)"; done
        done
        printf '%-11s %-13s %12s %12s %12s %12s\n' "$@"
    done
done
echo
echo "A step of online learning of 64x24, CD-1, mean of 100 digits after 1,600"
printf '%-11s %12s %12s\n' board floats 'fixed point'
for board in $boards; do
    case $board in virt-*) continue ;; esac # its program reads a Cortex-M's clock
    printf '%-11s %12s %12s\n' "$board" "$(learn "$board" -DFLOATS)" "$(learn "$board")"
done
for board in $boards; do
    echo
    echo "$board: a reconstruction of 784x500, 8 bits, by part"
    count "$board" mnist 8 1
done
