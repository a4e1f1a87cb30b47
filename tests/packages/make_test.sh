#!/bin/sh
# What make makes anew where only flags change, on a program of one line in the place of the command.
set -u
root=$PWD
mkdir -p build
scratch=$(mktemp -d "$root/build/make.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/tools" "$scratch/tests/lab" "$scratch/platform" && cp Makefile "$scratch" && cp tests/lab/lab.mk "$scratch/tests/lab" &&
    cp -R tools/scripts "$scratch/tools" && cp platform/warnings.txt "$scratch/platform" &&
    cd "$scratch" && mkdir -p tools/data tools/commands platform/desktop rbm || exit
touch tools/data/digits.csv rbm/quantized.h
echo 'int main() {}' >tools/commands/main.cpp

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

expect "makes all at first" "compile link"
expect "makes nothing twice" ""
expect "links anew with other LDFLAGS" "link" LDFLAGS=-pthread
expect "links once with them" "" LDFLAGS=-pthread
expect "links anew without them" "link"
expect "compiles and links anew with other CXXFLAGS" "compile link" CXXFLAGS=-O0
