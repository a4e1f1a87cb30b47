#!/bin/sh
# All boards of platform/boards/boards.txt, emulated: golden hashes and examples give the same bytes as on this machine, and
# faults end a run. tests/boards/boards_test.sh [BOARD...] prints a line for each program, then a table, which is also left in
# build/boards.txt.
set -u
mkdir -p build
scratch=$(mktemp -d build/boards.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
platform=platform
. platform/boards/board.sh

# expect PROGRAM SOURCE [FLAG]: what it prints on this machine
expect() {
    case $2 in
        *.c) language="-x c -std=c99" ;;
        *) language="-x c++ -std=c++17" ;;
    esac
    # shellcheck disable=SC2086 # flags are several words
    ${CXX:-c++} $language -O2 -ffp-contract=off ${3:-} -I"$scratch" -I. "$2" -x c platform/desktop/console.c -o "$scratch/program" &&
        "$scratch/program" >"$scratch/printed" && grep -v ' bytes: ' "$scratch/printed" >"$scratch/$1.txt"
}

prepare() {
    tests/boards/digits_header.sh "$scratch" && tests/boards/runtime_models.sh "$scratch" || return
    for size in small large; do expect $size tests/boards/runtime.c "-I$scratch/$size" || return; done
    expect labels tests/boards/labels.c "-I$scratch/labels" || return
    for source in platform/examples/*.c*; do
        expect "$(basename "${source%.*}")" "$source" || return
    done
    cp tests/boards/golden.txt "$scratch/golden.txt"
    grep -E '^golden (fusion|functions|small|small-integer|small-readings|small-detector|small-choice) ' tests/boards/golden.txt >"$scratch/golden_small.txt"
}

if ! prepare >"$scratch/log" 2>&1; then
    echo "FAILED boards: nothing to run: $(tail -n 1 "$scratch/log")"
    exit 1
fi
[ $# != 0 ] || set -- $(board_names)
jobs=${RBM_JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}
echo "$@" | xargs -n 1 -P "$jobs" sh -c 'tests/boards/board.sh "$2" "$1" >"$1/$2.result" 2>&1' sh "$scratch"

for board in "$@"; do cat "$scratch/$board.result"; done | tee "$scratch/results"
awk '
    FNR == NR { if ($1 ~ /^[a-z]/) core[$1] = $3; next }
    /^(ok|FAILED|skipped) boards / {
        board = $3
        sub(/:$/, "", board)
        if (!(board in seen)) names[++boards] = board
        seen[board] = 1
    }
    /^skipped / { why[board] = "skipped:" substr($0, index($0, ":") + 1); next }
    /^(ok|FAILED) / {
        program = $4
        sub(/:$/, "", program)
        if (!(program in column)) programs[++columns] = program
        column[program] = 1
        result[board, program] = $1
    }
    END {
        printf "\n%-20s%-12s", "board", "core"
        for (n = 1; n <= columns; ++n) {
            width[n] = length(programs[n]) < 8 ? 10 : length(programs[n]) + 2
            printf "%-" width[n] "s", programs[n]
        }
        print ""
        for (b = 1; b <= boards; ++b) {
            board = names[b]
            printf "%-20s%-12s", board, core[board]
            for (n = 1; n <= columns && !(board in why); ++n)
                printf "%-" width[n] "s", (board, programs[n]) in result ? result[board, programs[n]] : "-"
            print why[board]
        }
    }' platform/boards/boards.txt "$scratch/results" | tee build/boards.txt
