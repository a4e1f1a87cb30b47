#!/bin/sh
# The freestanding core: tests/packages/link_proof.cpp uses every public name of rbm/. Built for each target, it needs nothing
# but the compiler's own support routines and the four mem* functions, keeps no state, and links with only those.
# shellcheck disable=SC2086 # flags are several words
set -u
mkdir -p build
scratch=$(mktemp -d build/link.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
warnings=$(cat platform/warnings.txt)
# shellcheck disable=SC2034 # for board.sh
platform=platform
. platform/boards/board.sh
freestanding="-ffreestanding -nostdlib -ffp-contract=off"

# What an object may ask of others: copies, and arithmetic that the processor lacks, but none in double precision.
mem='mem(cpy|move|set|cmp)'
arm="$mem|__aeabi_(f(add|sub|rsub|mul|div|2u?[il]z|cmp(eq|ge|gt|le|lt|un))|u?[il]2f)"
arm="$arm|__aeabi_(u?(idiv|idivmod|ldivmod|lcmp)|lmul|l(sl|sr)|lasr)|__(clz|ctz)[sd]i2|__gnu_thumb1_case_[a-z]+"
risc_v="$mem|__((add|sub|mul|div)sf3|(eq|ne|lt|le|gt|ge|unord)sf2|fix(uns)?sf[sd]i|float(un)?[sd]isf)"
risc_v="$risc_v|__(u?(div|mod)|mul)[sd]i3|__(clz|ctz)[sd]i2"

# What must not be in an object: vtables, type information, guards of statics.
forbidden='_ZTV|_ZTI|_ZGV'

# object_faults TOOL-PREFIX ALLOWED OBJECT: a line for each thing in the object that breaks the promise
object_faults() {
    "$1nm" -u "$3" | awk '{ print $2 }' | grep -v -x -E "$2" | sed 's/^/needs /'
    "$1nm" "$3" | grep -E -o "($forbidden).*" | sed 's/^/contains /'
    "$1size" -A "$3" |
        awk '$1 ~ /^\.(data|bss|tdata|tbss|init_array|ctors|sdata|sbss)/ && $2 > 0 { print "fills section", $1 }'
}

# build_proof TOOL-PREFIX C C++ ALLOWED FLAGS...: builds, inspects and links, in silence if all is well
build_proof() {
    prefix=$1 c=$2 cxx=$3 allowed=$4
    shift 4
    flags="$* $freestanding $warnings"
    $cxx -std=c++17 $flags -fno-exceptions -fno-rtti -I. -c tests/packages/link_proof.cpp -o "$scratch/proof.o" || return
    faults=$(object_faults "$prefix" "$allowed" "$scratch/proof.o")
    if [ -n "$faults" ]; then
        echo "$faults"
        return 1
    fi
    # Optimized further, its loops would become calls of the very functions that they are in.
    $c -std=c99 $flags -fno-builtin -O1 -c platform/boards/bare-metal/memory.c -o "$scratch/memory.o" &&
        $c $flags -static -Wl,--no-gc-sections -Wl,--entry=0 \
            "$scratch/proof.o" "$scratch/memory.o" -lgcc -o "$scratch/proof"
}

# check NAME TOOL-PREFIX C C++ ALLOWED FLAGS...: at -O0, where every function stands alone, and optimized
check() {
    name=$1
    shift
    if ! command -v "$3" >/dev/null 2>&1; then
        echo "skipped link $name: no $3 (tools/scripts/setup.sh ci)"
        return
    fi
    for level in -O0 -O2; do
        if message=$(build_proof "$@" $level 2>&1); then
            echo "ok link $name $level"
        else
            echo "FAILED link $name $level: $(echo "$message" | head -n 1)"
            echo "$message"
        fi
    done
}

# check_board NAME BOARD ALLOWED: with the board's compiler and processor
check_board() {
    name=$1 allowed=$3
    read_board "$2"
    check "$name" "${compiler%g++}" "${compiler%g++}gcc" "$compiler" "$allowed" $processor_flags
}

# The names that headers declare outside of namespace detail: types, functions, and members of public structs. It
# leans on clang-format's layout: a namespace's declarations start in the first column, members in the third.
public_names() {
    awk '
        /^namespace detail/ { hidden = 1 }
        /^}  \/\/ namespace detail/ { hidden = 0 }
        /^ private:/ || /^};/ { members = 0 }
        hidden { next }
        / operator/ { next }
        /^(struct|enum class) / { name = $0 ~ /^struct/ ? $2 : $3; sub(/<.*/, "", name); print name; members = /{$/ }
        /^using / { print $2 }
        /^inline constexpr / { sub(/ =.*/, ""); print $NF }
        /^[A-Za-z_][A-Za-z0-9_<>:*& ]* [*&]*[a-z_0-9]+\(/ || \
            members && /^  [A-Za-z_][A-Za-z0-9_<>:*& ]* [*&]*[a-z_0-9]+\(/ {
            sub(/\(.*/, ""); sub(/.*[ *&]/, ""); print
        }' rbm/*.hpp
    # What programs call; other parts of quantized.h define it.
    (cd rbm/quantized && sed -n 's/^static inline .*[ *]\(rbm_[a-z0-9_]*\)(.*/\1/p' interface.h real.h stream.h labels.h)
}

check_board Cortex-M0 microbit "$arm"
check_board Cortex-M3 mps2-an385 "$arm"
check_board "Cortex-M4 with FPU" mps2-an386 "$arm"
check_board "Cortex-M7 with FPU" mps2-an500 "$arm"
check_board "Cortex-M33 with FPU" mps2-an505 "$arm"
check_board Cortex-M55 mps3-an547 "$arm"
check_board RISC-V virt-rv32 "$risc_v"
if [ "$(uname -m)" = x86_64 ]; then
    check "x86-64 g++" "" gcc g++ "$mem" -fno-pie -no-pie
    check "x86-64 clang++" "" clang clang++ "$mem" -fno-pie
fi
check AArch64 aarch64-linux-gnu- aarch64-linux-gnu-gcc aarch64-linux-gnu-g++ "$mem" -fno-pie -no-pie

# The functions of rbm/stack.md, which the compiler found, are among these names: a declaration laid out in a new way
# would be missed in silence.
names=$(public_names | sort -u)
overlooked=$(sed -n 's/^| `.*\.hpp` | \(.*\) |$/\1/p' rbm/stack.md | tr , '\n' | sed -n 's/^ *`\([a-z_0-9]*\)` .*/\1/p' | sort -u |
    while read -r name; do echo "$names" | grep -q -x -e "$name" || echo "$name"; done | xargs)
missing=$(for name in $names; do grep -q -w "$name" tests/packages/link_proof.cpp || echo "$name"; done | xargs)
if [ -n "$overlooked" ]; then
    echo "FAILED link proof is complete: public_names overlooks $overlooked of rbm/stack.md"
elif [ -n "$missing" ]; then
    echo "FAILED link proof is complete: tests/packages/link_proof.cpp does not use $missing"
else
    echo "ok link proof is complete"
fi
