#!/bin/sh
# Every program of README.md compiles without a warning and runs: each ```cpp or ```c block with a main, which starts
# with a comment that names its file (`// train.cpp` or `/* reconstruct.c */`). A program that includes digits_rbm.h
# gets a model of the digits. Its commands, each ```sh block, are done before, as in a clone: a program may lean on them.
# shellcheck disable=SC2086 # flags are several words
set -u
root=$PWD
rbm=${RBM:-$root/build/rbm}
mkdir -p build
scratch=$(mktemp -d "$root/build/readme.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
flags="$(cat platform/warnings.txt) -O2 -ffp-contract=off -I$root -I$scratch"

if [ ! -f README.md ]; then
    echo "FAILED README: there is none"
    exit
fi

# Writes each program to its file in the folder and prints the file's name, or `unnamed LINE`.
extract_programs() {
    awk -v folder="$1" '
        function end_block() {
            if (text !~ /main\(/) return
            name = text
            sub(/\n.*/, "", name)
            if (name !~ /^(\/\/ [a-z0-9_]+\.cpp|\/\* [a-z0-9_]+\.c \*\/|\/\/ [a-z0-9_]+\.c)$/) {
                print "unnamed", start
                return
            }
            gsub(/[\/* ]/, "", name)
            printf "%s", text >(folder "/" name)
            close(folder "/" name)
            print name
        }
        inside && /^```/ { inside = 0; end_block(); next }
        inside { text = text $0 "\n" }
        /^```(cpp|c)$/ { inside = 1; start = NR; text = "" }' README.md
}

# The commands of README.md, where build/rbm is the command under test.
do_commands() {
    mkdir -p "$scratch/build" && ln -sf "$rbm" "$scratch/build/rbm" &&
        awk '/^```/ { inside = $0 == "```sh"; next } inside' "$root/README.md" >"$scratch/commands" &&
        [ -s "$scratch/commands" ] && (cd "$scratch" && sh -e commands)
}

build_and_run() {
    if grep -q digits_rbm.h "$1" && [ ! -e "$scratch/digits_rbm.h" ]; then
        tests/boards/digits_header.sh "$scratch" || return
    fi
    case $1 in
        *.cpp) ${CXX:-c++} -std=c++17 $flags "$1" -o "$1.program" ;;
        *.c) ${CC:-cc} -std=c99 $flags "$1" -o "$1.program" ;;
    esac && (cd "$scratch" && "$1.program")
}

if do_commands </dev/null >"$scratch/log" 2>&1; then
    echo "ok README commands"
else
    echo "FAILED README commands: $(tail -n 1 "$scratch/log")"
    cat "$scratch/log"
fi

programs=$(extract_programs "$scratch")
[ -n "$programs" ] || echo "FAILED README: it has no program"
echo "$programs" | while read -r name line; do
    if [ "$name" = unnamed ]; then
        echo "FAILED README: the program at line $line does not start with its file's name in a comment"
    elif [ -n "$name" ]; then
        if build_and_run "$scratch/$name" </dev/null >"$scratch/log" 2>&1; then
            echo "ok README $name"
        else
            echo "FAILED README $name: status $?: $(grep -m 1 error "$scratch/log" || tail -n 1 "$scratch/log")"
            cat "$scratch/log"
        fi
    fi
done
