#!/bin/sh
# rbm::arithmetic_is_exact(), or an #error before it, catches each flag, pragma and mode of the processor that changes
# bits, and passes plain builds; the command says in a line that it computes otherwise.
# shellcheck disable=SC2086 # flags are several words
set -u
mkdir -p build
scratch=$(mktemp -d build/arithmetic.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
source=tests/boards/arithmetic.cpp
platform=platform
. platform/boards/board.sh

# answer COMPILER FLAG... [-- LINK-FLAG...]: exact or inexact, refused where the library does not compile
answer() {
    compiler=$1 flags=
    shift
    while [ $# != 0 ] && [ "$1" != -- ]; do flags="$flags $1" && shift; done
    [ $# = 0 ] || shift
    if ! $compiler -std=c++17 -w $flags -I. -c -x c++ "$source" -o "$scratch/program.o" 2>"$scratch/log"; then
        grep -q 'error.*rbm promises' "$scratch/log" && echo refused
    else
        $compiler "$@" "$scratch/program.o" "$scratch/console.o" -o "$scratch/program" 2>"$scratch/log" && "$scratch/program"
    fi
}
# check WANTED NAME ANSWER: inexact stands for refused too
check() {
    case $1/$3 in
        exact/exact | inexact/inexact | inexact/refused) echo "ok arithmetic $2" ;;
        *) echo "FAILED arithmetic $2: $3, not $1: $(grep -m 1 error "$scratch/log")" ;;
    esac
}

machines=default
# Without this, haswell's programs do not run here.
if grep -q -w avx2 /proc/cpuinfo 2>/dev/null && grep -q -w fma /proc/cpuinfo; then
    machines="default haswell"
else
    echo "skipped arithmetic haswell: this processor has no AVX2 and fused multiply-adds"
fi
${CC:-cc} -I. -c platform/desktop/console.c -o "$scratch/console.o"
for compiler in g++ clang++; do
    if missing=$(missing_tool $compiler); then
        echo "skipped arithmetic $compiler: $missing"
        continue
    fi
    for machine in $machines; do
        march=
        [ $machine = default ] || march=-march=$machine
        for level in -O0 -O1 -O2 -O3 -Os; do
            check exact "$compiler $machine $level" "$(answer $compiler $level $march -ffp-contract=off)"
        done
        for level in -O1 -O3; do
            while read -r compilers flags; do
                case $compilers in both | "$compiler") ;; *) continue ;; esac
                check inexact "$compiler $machine $level $flags" "$(answer $compiler $level $march -ffp-contract=off $flags)"
            done <<END
both -ffast-math
both -Ofast
both -funsafe-math-optimizations
both -ffinite-math-only
both -freciprocal-math
both -fassociative-math -fno-signed-zeros -fno-trapping-math
both -fno-signed-zeros
clang++ -fno-honor-nans
clang++ -Xclang -mreassociate
clang++ -ffp-model=fast
END
        done
        while read -r compilers pragma; do
            [ "$compilers" = $compiler ] || continue
            source=$scratch/pragma.cpp
            { echo "#pragma $pragma" && cat tests/boards/arithmetic.cpp; } >"$source"
            check inexact "$compiler $machine $pragma" "$(answer $compiler -O2 $march -ffp-contract=off)"
            source=tests/boards/arithmetic.cpp
        done <<END
clang++ clang fp reassociate(on)
clang++ float_control(precise, off)
g++ GCC optimize ("fast-math")
g++ GCC optimize ("associative-math", "no-signed-zeros", "no-trapping-math")
g++ GCC optimize ("reciprocal-math")
g++ GCC optimize ("finite-math-only")
END
    done
    if [ "$machines" != default ]; then
        check inexact "$compiler -ffp-contract=fast" "$(answer $compiler -O2 -march=haswell -ffp-contract=fast)"
    fi
    # What is linked with it sets the processor's mode.
    case $(uname -m) in
        x86_64) check inexact "$compiler linked with -ffast-math" "$(answer $compiler -O2 -ffp-contract=off -- -ffast-math)" ;;
        *) echo "skipped arithmetic $compiler linked with -ffast-math: sets no mode on every machine" ;;
    esac
done

for board in aarch64-linux-gnu mps2-an386 mps2-an500 mps2-an505 mps3-an547; do
    read_board $board
    if missing=$(missing_tool "$compiler" "$emulator"); then
        echo "skipped arithmetic $board: $missing"
        continue
    fi
    for mode in plain FLUSH; do
        [ $mode = plain ] && wanted=exact || wanted=inexact
        platform/build.sh $board "$scratch/board" tests/boards/arithmetic.cpp -- -D$mode >"$scratch/log" 2>&1 &&
            check $wanted "$board $mode" "$(platform/run.sh $board "$scratch/board")"
    done
done

# The command, in a process whose mode something else has set: results flushed to zero (FTZ), operands taken for zero (DAZ).
echo '__attribute__((constructor)) static void flush(void) { __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | MODE); }' \
    >"$scratch/flush.c"
for mode in 0x8000 0x0040; do
    [ $mode = 0x8000 ] && name="command FTZ" || name="command DAZ"
    if [ "$(uname -sm)" != "Linux x86_64" ]; then
        echo "skipped arithmetic $name: sets the mode of x86-64 under Linux"
    elif ${CC:-cc} -shared -fPIC -DMODE=$mode "$scratch/flush.c" -o "$scratch/flush.so" &&
        LD_PRELOAD=$scratch/flush.so "${RBM:-build/rbm}" train digits --epochs 1 --out "$scratch/model" >"$scratch/log" 2>&1; then
        echo "FAILED arithmetic $name: trains with flushed subnormals"
    elif [ $? = 1 ] && [ ! -e "$scratch/model" ] && grep -q '^rbm: this program does not compute as built' "$scratch/log" &&
        [ "$(wc -l <"$scratch/log")" = 1 ]; then
        echo "ok arithmetic $name"
    else
        echo "FAILED arithmetic $name: $(head -n 1 "$scratch/log")"
    fi
done
