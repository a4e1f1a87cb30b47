#!/bin/sh
# The headers stand beside other people's: macros that frameworks define, warnings that projects turn on, models of the
# same name, compilers in an older mode.
# shellcheck disable=SC2086 # flags are several words
set -u
root=$PWD
mkdir -p build
scratch=$(mktemp -d "$root/build/neighbours.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# report NAME COMMAND...: one line for the command's success or failure
report() {
    name=$1
    shift
    if "$@" >"$scratch/log" 2>&1; then
        echo "ok $name"
    else
        echo "FAILED $name: $(grep -m 1 error "$scratch/log" || tail -n 1 "$scratch/log")"
        cat "$scratch/log"
    fi
}

if ! "$RBM" train digits --hidden 8 --epochs 1 --quiet --out "$scratch/first" >"$scratch/log" 2>&1 ||
    ! "$RBM" train digits --hidden 9 --epochs 1 --quiet --out "$scratch/second" >"$scratch/log" 2>&1; then
    echo "FAILED a model: $(cat "$scratch/log")"
    exit
fi
for model in first second; do
    mkdir -p "$scratch/of_$model"
    for name in model pair Model; do
        file=$name.h
        [ $name != pair ] || file=pair.c
        "$RBM" quantize "$scratch/$model" --standalone --out "$scratch/of_$model/$file" --quiet >"$scratch/log" || cat "$scratch/log"
    done
done

for header in rbm/*.hpp rbm/*.h; do echo "#include \"$header\""; done >"$scratch/library.cpp"
echo '#include "of_first/model.h"' >"$scratch/model.c"

# compiles COMPILER FLAGS... FILE, without a warning
compiles() { "$@" -Werror -I"$root" -I"$scratch" -fsyntax-only; }

# everywhere FLAG...: the library and a model, by each compiler that is here
everywhere() {
    for compiler in g++ clang++; do
        ! command -v $compiler >/dev/null 2>&1 || compiles $compiler -std=c++17 "$@" "$scratch/library.cpp" || return
    done
    for compiler in gcc clang arm-none-eabi-gcc "arm-none-eabi-gcc -mcpu=cortex-m4"; do
        ! command -v ${compiler%% *} >/dev/null 2>&1 || compiles $compiler -std=c99 "$@" "$scratch/model.c" || return
    done
}

# Frameworks' macros, of one kind a line: attributes without underscores, Qt, Windows, Arduino, complex.h, X11, newlib.
while read -r kind macros; do
    set --
    for macro in $macros; do set -- "$@" "-D$(echo "$macro" | tr '~' ' ')"; done
    report "macros of $kind" everywhere "$@"
done <<'END'
attributes unused=__attribute__((unused)) noinline=__attribute__((noinline)) always_inline=inline aligned=x packed=x used=x naked=x may_alias=x vector_size=x
Qt slots= signals=public emit= foreach=for forever=for(;;)
Windows min(a,b)=((a)<(b)?(a):(b)) max(a,b)=((a)>(b)?(a):(b)) near= far= small=char IN= OUT= CONST=const ERROR=0 interface=struct
Arduino B0=0 B1=1 PI=3.14 DEFAULT=1 INPUT=0 OUTPUT=1 HIGH=1 LOW=0 F(s)=(s) bit(b)=(1UL<<(b)) abs(x)=((x)>0?(x):-(x)) round(x)=((x)+1) sq(x)=((x)*(x)) word(x)=x
complex I=_Complex_I complex=_Complex imaginary=x
X11 None=0L Status=int Bool=int Always=2 Success=0
newlib _B=1 _C=2 _L=3 _N=4 _P=5 _S=6 _U=7 _X=8
END

for flag in -Wold-style-cast -Wzero-as-null-pointer-constant -Wfloat-equal -Wsign-conversion -Wundef -Wcast-qual \
    -Wdouble-promotion -Wextra-semi -Wnon-virtual-dtor -Wmissing-declarations -Wredundant-decls -Wunused-macros; do
    for compiler in g++ clang++; do
        if command -v $compiler >/dev/null 2>&1; then
            report "$flag ($compiler)" compiles $compiler -std=c++17 $flag "$scratch/library.cpp"
        fi
    done
done

# says TEXT COMMAND...: the command fails, and its first error has the text
says() {
    text=$1
    shift
    ! "$@" >"$scratch/said" 2>&1 && cat "$scratch/said" && grep -m 1 "error" "$scratch/said" | grep -q "$text"
}

# both HEADER OTHER: a source that includes both
both() { printf '#include "%s"\n#include "%s"\nint sum = %s_HIDDEN;\n' "$1" "$2" "${3:-MODEL}" >"$scratch/both.c"; }

clash="two models of this program have this name"
both of_first/model.h of_second/model.h
report "two models of a name" says "$clash" compiles ${CC:-cc} "$scratch/both.c"
both of_first/pair.h of_second/pair.h PAIR
report "two pairs of a name" says "$clash" compiles ${CC:-cc} "$scratch/both.c"
both of_first/model.h of_second/Model.h
report "names that differ in capitals" says "$clash" compiles ${CC:-cc} "$scratch/both.c"
both of_first/model.h of_first/model.h
report "a model included twice" compiles ${CC:-cc} "$scratch/both.c"
printf '#define MODEL_H\n#include "of_first/model.h"\nint hidden = MODEL_HIDDEN;\n' >"$scratch/guard.c"
report "a header of the user's with the model's name" compiles ${CC:-cc} "$scratch/guard.c"
report "C89 is told" says "C99" ${CC:-cc} -std=gnu89 -I"$scratch" -fsyntax-only "$scratch/model.c"

# One compilation of several sources would take what each keeps to itself for one.
unity_is_off() {
    cmake -S . -B "$scratch/cmake" -DCMAKE_UNITY_BUILD=ON -DRBM_TESTS=OFF -DCMAKE_EXPORT_COMPILE_COMMANDS=ON &&
        grep -q "/main.cpp" "$scratch/cmake/compile_commands.json" &&
        ! grep -q "/Unity/" "$scratch/cmake/compile_commands.json"
}
if command -v cmake >/dev/null 2>&1; then
    report "CMAKE_UNITY_BUILD" unity_is_off
else
    echo "skipped CMAKE_UNITY_BUILD: no cmake (tools/scripts/setup.sh ci)"
fi
