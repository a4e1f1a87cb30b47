#!/bin/sh
# Cortex-M boards that trap loads and stores that are not aligned (trap_unaligned.c), as debug builds do; a Cortex-M0 always
# does: without its own unaligned loads, by a macro or by the compiler's flag, the device runtime gives the bytes of this
# machine. The C++ library is written with none, but at -O3 GCC makes some of it: it needs the flag. Linux lets no program
# set the trap of an AArch64, whose kernels are plain C.
set -u
mkdir -p build
scratch=$(mktemp -d build/unaligned.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
platform=platform
. platform/boards/board.sh

# run SOURCE FLAG...: what it prints on the board with the trap set
run() {
    source=$1
    shift
    platform/build.sh "$board" "$scratch/program" "$source" tests/boards/trap_unaligned.c -- -Wl,--wrap=main "$@" \
        >"$scratch/log" 2>&1 || return 99
    platform/run.sh "$board" "$scratch/program" >"$scratch/printed" 2>>"$scratch/log"
}

# check NAME EXPECTED SOURCE FLAG...: each line that it prints is one of the file's, and there are as many as `lines`
check() {
    name=$1 expected=$2
    shift 2
    if run "$@" && [ "$(wc -l <"$scratch/printed")" -ge "$lines" ] && ! grep -q -v -x -F -f "$expected" "$scratch/printed"; then
        echo "ok unaligned $board $name"
    else
        echo "FAILED unaligned $board $name: $(cat "$scratch/log" "$scratch/printed" | grep -m 1 -i -e error -e fault -e wrong)"
    fi
}

if ! { ${CC:-cc} -std=c99 -O1 -I. tests/boards/kernels.c platform/desktop/console.c -o "$scratch/kernels" &&
    "$scratch/kernels" >"$scratch/expected"; } >"$scratch/log" 2>&1; then
    echo "FAILED unaligned: nothing to compare with: $(tail -n 1 "$scratch/log")"
    exit
fi
for board in $(awk '$2 == "cortex-m" { print $1 }' platform/boards/boards.txt); do
    read_board "$board"
    if missing=$(missing_tool "$compiler" "$emulator"); then
        echo "skipped unaligned $board: $missing"
        continue
    fi
    lines=108 models='' golden=golden_small level=-O3
    case $core in
        Cortex-M0) lines=80 models=-DMOST_WEIGHT_WORDS=800 level=-O2 ;; # has too little RAM for the stack of -O3
        Cortex-M4F) golden=golden ;; # all of the library, on one board
    esac
    # Without the flag the trap must end the program, or it is not set.
    case $core in
        Cortex-M0 | Cortex-M55) ;; # have no kernel that needs the flag
        *)
            run tests/boards/kernels.c -O3
            if [ $? = 70 ] && grep -q 'CFSR 0x01000000' "$scratch/printed"; then
                echo "ok unaligned $board the trap is set"
            else
                echo "FAILED unaligned $board the trap is set: an unaligned load passes"
            fi
            ;;
    esac
    # shellcheck disable=SC2086 # no flag or one
    check "kernels -mno-unaligned-access" "$scratch/expected" tests/boards/kernels.c -mno-unaligned-access $models
    # At -O3 GCC makes such loads of its own, which the macro does not concern.
    # shellcheck disable=SC2086
    check "kernels RBM_UNALIGNED_LOADS=0" "$scratch/expected" tests/boards/kernels.c -O2 -DRBM_UNALIGNED_LOADS=0 $models
    lines=4
    check $golden tests/boards/golden.txt tests/boards/$golden.cpp $level -mno-unaligned-access
done
