#!/bin/sh
# Every program of a page (*.md) compiles without a warning and runs: each ```cpp or ```c block, which starts with a comment
# that names its file (`// train.cpp` or `/* reconstruct.c */`). A program that includes digits_rbm.h gets a model of the
# digits. The commands of the page, each ```sh block, are done before, as in a clone: a program may lean on them.
# shellcheck disable=SC2086 # flags are several words
set -u
root=$PWD
rbm=${RBM:-$root/build/rbm}
mkdir -p build
scratch=$(mktemp -d "$root/build/readme.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
flags="$(cat platform/warnings.txt) -O2 -ffp-contract=off -I$root"

# extract_programs PAGE FOLDER: writes each program to its file in the folder and prints the file's name, or `unnamed LINE`
extract_programs() {
    awk -v folder="$2" '
        function end_block() {
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
        /^```(cpp|c)$/ { inside = 1; start = NR; text = "" }' "$1"
}

# do_commands PAGE FOLDER: the page's commands in the folder, where build/rbm is the command under test and platform/ ours
do_commands() {
    mkdir -p "$2/build" && ln -sf "$rbm" "$2/build/rbm" && ln -sfn "$root/platform" "$2/platform" &&
        awk '/^```/ { inside = $0 == "```sh"; next } inside' "$1" >"$2/commands" && (cd "$2" && sh -e commands)
}

# build_and_run FOLDER PROGRAM: what has no main is compiled only
build_and_run() {
    if grep -q digits_rbm.h "$1/$2" && [ ! -e "$1/digits_rbm.h" ]; then
        tests/boards/digits_header.sh "$1" || return
    fi
    if ! grep -q 'int main(' "$1/$2"; then
        ${CC:-cc} -std=c99 $flags -I"$1" -c "$1/$2" -o "$1/$2.o"
        return
    fi
    case $2 in
        *.cpp) ${CXX:-c++} -std=c++17 $flags -I"$1" "$1/$2" -o "$1/$2.program" ;;
        *.c) ${CC:-cc} -std=c99 $flags -I"$1" "$1/$2" -o "$1/$2.program" ;;
    esac && (cd "$1" && "./$2.program")
}

# check_page PAGE
check_page() {
    folder=$scratch/$1
    mkdir -p "$folder"
    if ! grep -q '^```sh$' "$1"; then
        : # none
    elif do_commands "$1" "$folder" </dev/null >"$scratch/log" 2>&1; then
        echo "ok $1 commands"
    else
        echo "FAILED $1 commands: $(tail -n 1 "$scratch/log")"
        cat "$scratch/log"
    fi
    extract_programs "$1" "$folder" | while read -r name line; do
        if [ "$name" = unnamed ]; then
            echo "FAILED $1: the program at line $line does not start with its file's name in a comment"
        elif build_and_run "$folder" "$name" </dev/null >"$scratch/log" 2>&1; then
            echo "ok $1 $name"
        else
            echo "FAILED $1 $name: $(grep -m 1 error "$scratch/log" || tail -n 1 "$scratch/log")"
            cat "$scratch/log"
        fi
    done
}

# The library's and the root's page have programs: a test that finds none has lost them.
for page in README.md rbm/README.md; do
    grep -q '^```cpp$' $page || echo "FAILED $page: it has no program"
done
for page in $(find README.md rbm platform tests tools -name '*.md' | sort); do
    ! grep -q -E '^```(sh|c|cpp)$' "$page" || check_page "$page"
done
