#!/bin/sh
# What make makes anew where only flags or other sources change, on a program of a few lines in the place of the command.
set -u
root=$PWD
mkdir -p build
scratch=$(mktemp -d "$root/build/make.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/tools" "$scratch/tests/lab" "$scratch/platform" && cp Makefile "$scratch" && cp tests/lab/lab.mk "$scratch/tests/lab" &&
    cp -R tools/scripts "$scratch/tools" && cp platform/warnings.txt "$scratch/platform" &&
    cd "$scratch" && mkdir -p tools/data tools/commands platform/desktop rbm || exit
touch tools/data/digits.csv rbm/quantized.h
cp "$root"/tools/commands/own_sources.?pp tools/commands
cat >tools/commands/main.cpp <<END
#include <cstdio>
#include "tools/commands/own_sources.hpp"
int main() { std::printf("%lu\n", static_cast<unsigned long>(tool::own_sources())); }
END

# expect NAME STEPS OPTION...: the steps that make with these options takes, each a word
expect() {
    name=$1 steps=$2
    shift 2
    taken=$(make -j1 PORTABLE=1 "$@" 2>&1 | sed 's/ .*//' | xargs)
    if [ "$taken" = "$steps" ]; then
        echo "ok make $name"
    else
        echo "FAILED make $name: takes '$taken', not '$steps'"
    fi
}

expect "makes all at first" "compile compile link"
expect "makes nothing twice" ""
expect "links anew with other LDFLAGS" "link" LDFLAGS=-pthread
expect "links once with them" "" LDFLAGS=-pthread
expect "links anew without them" "link"
expect "compiles and links anew with other CXXFLAGS" "compile compile link" CXXFLAGS=-O0
expect "compiles and links anew without them" "compile compile link"

# checksum NAME: the program knows the checksum of its sources
checksum() {
    if [ "$(build/rbm)" = "$(tools/scripts/source_checksum.sh)" ]; then echo "ok make $1"; else echo "FAILED make $1: $(build/rbm)"; fi
}
checksum "tells a program its sources"
first=$(build/rbm)
echo >rbm/more.hpp
expect "compiles the checksum alone and links anew with another header" "compile link"
expect "does so once" ""
checksum "tells a program its new sources"
[ "$(build/rbm)" != "$first" ] && echo "ok make has another checksum of other sources" || echo "FAILED make: still $first"
rm rbm/more.hpp
mkdir tools/bench && touch tools/bench/more.hpp rbm/more.md rbm/.more.hpp~
expect "compiles the checksum alone without that header" "compile link"
[ "$(build/rbm)" = "$first" ] && echo "ok make has the same checksum of the same sources" || echo "FAILED make: $(build/rbm), not $first"

cd "$root" || exit
if ! command -v cmake >/dev/null 2>&1; then
    echo "skipped cmake: no cmake (tools/scripts/setup.sh ci)"
elif cmake -S . -B "$scratch/cmake" -DRBM_TESTS=OFF >"$scratch/log" 2>&1 &&
    cmake --build "$scratch/cmake" --target rbm_source_checksum >>"$scratch/log" 2>&1 &&
    [ "$(cat "$scratch/cmake/generated/source_checksum.inc")" = "$(tools/scripts/source_checksum.sh)" ]; then
    echo "ok cmake has the same checksum as make"
else
    echo "FAILED cmake: $(tail -n 3 "$scratch/log" | xargs)"
fi
