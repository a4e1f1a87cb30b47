#!/bin/sh
# Runs everything on one board: tests/boards/board.sh BOARD FOLDER, where boards_test.sh has put what the programs include,
# and for each PROGRAM what it prints on this machine, as FOLDER/PROGRAM.txt. A line for each program.
set -u
board=$1
data=$2
work=$data/$board
mkdir -p "$work"
platform=platform
. platform/boards/board.sh
read_board "$board"

if missing=$(missing_tool "$compiler" "$emulator"); then
    echo "skipped boards $board: $missing"
    exit
fi

# build_and_run PROGRAM SOURCE... [-- FLAG...]: leaves what it printed, and what the tools said; the program's status
build_and_run() {
    program=$1
    shift
    case " $* " in *" -- "*) ;; *) set -- "$@" -- ;; esac
    platform/build.sh "$board" "$work/$program" "$@" -I"$data" >"$work/$program.log" 2>&1 || return 99
    platform/run.sh "$board" "$work/$program" >"$work/$program.printed" 2>"$work/$program.log"
}

# check PROGRAM SOURCE [EXPECTED [FLAG]]: it prints what it prints on this machine, but for lines that tell bytes of this
# board
check() {
    expected=$data/${3:-$1}.txt
    build_and_run "$1" "$2" platform/boards/stack_report.c -- -Wl,--wrap=main ${4:-}
    status=$?
    grep -v ' bytes: ' "$work/$1.printed" >"$work/$1.txt"
    if [ $status != 0 ]; then
        echo "FAILED boards $board $1: does not build or run (status $status): $(grep -h -m 1 -i -e error -e fault \
            -e assertion -e 'not end' "$work/$1.log" "$work/$1.printed" | head -n 1)"
    elif cmp -s "$expected" "$work/$1.txt"; then
        echo "ok boards $board $1"
    else
        echo "FAILED boards $board $1: prints other lines than this machine"
        diff "$expected" "$work/$1.txt"
    fi
}

# provoke NAME STATUS MESSAGE SOURCE FLAG...: the run ends with this status and, in a line, this message
provoke() {
    name=$1 wanted=$2 message=$3 source=$4
    shift 4
    build_and_run "$name" "$source" -- "$@"
    status=$?
    if [ $status = "$wanted" ] && grep -q -e "$message" "$work/$name.printed" "$work/$name.log"; then
        echo "ok boards $board $name"
    else
        echo "FAILED boards $board $name: ends with status $status instead of $wanted, or says nothing of it"
        cat "$work/$name.printed" "$work/$name.log"
    fi
}

# The examples do with 2 KB of stack; one that needed more would fault.
small_stack=-Wl,--defsym=stack_size=2048
[ "$family" != linux ] || small_stack=
for source in $examples; do check "$(basename "${source%.*}")" "$source" "" $small_stack; done
check small tests/boards/runtime.c small "-I$data/small"
check labels tests/boards/labels.c labels "-I$data/labels"
case $family/$ram_size in
    avr/*) ;;
    */?K | */??K) check golden tests/boards/golden_small.cpp golden_small ;;
    *)
        check golden tests/boards/golden.cpp
        check large tests/boards/runtime.c large "-I$data/large"
        ;;
esac

# An operating system ends a program that faults by itself.
[ "$family" != linux ] || exit
provoke overflow 70 "^fault: " tests/boards/faults.c -DFAULT=STACK_OVERFLOW
if [ "$family" != avr ]; then # which has no other faults
    provoke illegal 70 "^fault: " tests/boards/faults.c -DFAULT=ILLEGAL_INSTRUCTION
    provoke contract 70 "^assertion failed: base == nullptr" tests/boards/broken_contract.cpp
fi
export RUN_SECONDS=1
provoke endless 124 "did not end within 1 seconds" tests/boards/faults.c -DFAULT=ENDLESS
