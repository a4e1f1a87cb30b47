#!/bin/sh
# Each system call of the command on files goes wrong in turn, or is the last before the process is killed: the output
# is the old file or the whole new one, a failure is one line and leaves no temporary file, and what was killed can be
# run again, or resumed, to the same bytes. tests/command/failing_calls.c makes the faults.
set -u
mkdir -p build
scratch=$(mktemp -d "$PWD/build/faults.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
calls="open fstat read write fchmod fsync close rename"
shim=$scratch/failing_calls.so
# shellcheck disable=SC2046 # warnings are several words
if [ "$(uname -s)" != Linux ] || ! ${CC:-cc} -std=gnu11 -O1 $(cat platform/warnings.txt) -Wno-pedantic -shared -fPIC tests/command/failing_calls.c \
    -o "$shim" -ldl 2>"$scratch/log"; then
    echo "skipped faults: $(head -n 1 "$scratch/log") (needs Linux and a C compiler)"
    exit
fi
work=$scratch/work
export RBM_FAULT_MARK="$scratch/mark"

# faulty CALL NUMBER WAY WORD...: runs rbm in the folder; sets status
faulty() {
    fault="$1 $2 $3"
    shift 3
    (cd "$work" && RBM_FAULT="$fault" LD_PRELOAD="$shim" "$RBM" "$@" >"$scratch/out" 2>"$scratch/errors"
        echo $? >"$scratch/status") 2>/dev/null
    status=$(cat "$scratch/status")
}

# prepare: the folder as it is before a run
prepare() {
    rm -f "$RBM_FAULT_MARK"
    rm -rf "$work"
    mkdir "$work"
    cp "$scratch/model" "$work/model"
    echo old >"$work/result"
}

is_old() { [ "$(cat "$work/result")" = old ]; }
is_new() { cmp -s "$work/result" "$scratch/expected"; }
# Files beside those of before, hidden ones too.
left_over() { (cd "$work" && find . -type f ! -name model ! -name result ! -name result.checkpoint | head -n 1); }
is_one_line() { [ "$(wc -l <"$scratch/errors")" = 1 ] && grep -q '^rbm: ' "$scratch/errors"; }

# judge: why the state after a run is wrong; nothing if it is right
judge() {
    if [ "$status" = 0 ]; then
        is_new || echo "succeeded, but its output is not the whole new file"
        [ -z "$(left_over)" ] || echo "succeeded, but left $(left_over)"
        [ ! -e "$RBM_FAULT_MARK" ] || echo "succeeded, whatever went wrong"
    elif [ "$status" = 137 ]; then
        is_old || is_new || echo "killed, and its output is neither old nor whole"
    else
        [ "$status" = 1 ] && is_one_line || echo "status $status: $(head -n 1 "$scratch/errors")"
        is_old || { [ "$result_first" = yes ] && is_new; } || echo "failed, and its output is not the old file"
        [ -z "$(left_over)" ] || echo "failed, and left $(left_over)"
    fi
}

# again WORD...: why a run after the fault does not lead to the whole new file
again() {
    if [ -e "$work/result.checkpoint" ]; then
        set -- train digits --resume result.checkpoint
    fi
    (cd "$work" && "$RBM" "$@" >/dev/null 2>"$scratch/errors") && is_new ||
        echo "another run does not give the whole file: $(head -n 1 "$scratch/errors")"
}

# check NAME WORD...: a command that replaces the file `result`
check() {
    name=$1
    shift
    prepare
    (cd "$work" && "$RBM" "$@" >/dev/null 2>&1) || { echo "FAILED faults $name: does not run"; return; }
    cp "$work/result" "$scratch/expected"
    faults=0
    for way in fail kill; do
        for call in $calls; do
            number=0
            while :; do
                number=$((number + 1))
                prepare
                faulty "$call" $number $way "$@"
                why=$(judge)
                [ -n "$why" ] || [ "$status" = 0 ] || why=$(again "$@")
                if [ -n "$why" ]; then
                    echo "FAILED faults $name: $call $number $way: $why" | head -n 1
                    return
                fi
                [ -e "$RBM_FAULT_MARK" ] || break
                faults=$((faults + 1))
            done
        done
    done
    for call in read write; do
        prepare
        faulty $call 0 stutter "$@"
        why=$(judge)
        if [ "$status" != 0 ] || [ -n "$why" ]; then
            echo "FAILED faults $name: $call in small parts: status $status $why"
            return
        fi
    done
    # A file that cannot be replaced is overwritten, which is told; the temporary one goes.
    prepare
    faulty rename 1 busy "$@"
    rm -f "$RBM_FAULT_MARK"
    why=$(judge)
    if [ "$status" != 0 ] || [ -n "$why" ] || ! grep -q '^rbm: .*: cannot be replaced (.*): written in place$' "$scratch/errors"; then
        echo "FAILED faults $name: a file that cannot be replaced: status $status $why"
        return
    fi
    # A training reads, writes and syncs its checkpoint and its model: fewer faults than this met nothing.
    if [ $faults -lt 10 ]; then
        echo "FAILED faults $name: only $faults calls were reached"
    else
        echo "ok faults $name"
    fi
}

# check_answer NAME WORD...: a command that only answers: all of it, also by another way to the same bytes, or a line that
# says why not
check_answer() {
    name=$1
    shift
    prepare
    (cd "$work" && "$RBM" "$@" >"$scratch/expected" 2>&1) || { echo "FAILED faults $name: does not run"; return; }
    faults=0
    wrong=
    for call in open fstat read; do
        number=0
        while :; do
            number=$((number + 1))
            prepare
            faulty "$call" $number fail "$@"
            if [ -e "$RBM_FAULT_MARK" ]; then
                faults=$((faults + 1))
                { [ "$status" = 1 ] && is_one_line; } || { [ "$status" = 0 ] && cmp -s "$scratch/out" "$scratch/expected"; } ||
                    { wrong=yes; break 2; }
            else
                [ "$status" = 0 ] && cmp -s "$scratch/out" "$scratch/expected" || { wrong=yes; break 2; }
                break
            fi
        done
    done
    if [ -n "$wrong" ]; then
        echo "FAILED faults $name: $call $number: status $status: $(head -n 1 "$scratch/errors")"
    elif [ $faults -lt 3 ]; then
        echo "FAILED faults $name: only $faults calls were reached"
    else
        echo "ok faults $name"
    fi
}

"$RBM" train digits --hidden 8 --epochs 1 --quiet --out "$scratch/model" >/dev/null
check_answer evaluate evaluate model digits-test --quiet
check_answer info info model
result_first=no
check features features model digits-test --out result
check filters filters model --image result
check reconstruct reconstruct model digits-test --out result
check sample sample model --count 4 --steps 3 --image result
check quantize quantize model --out result
# The checkpoint goes after the model is in its place.
result_first=yes
check train train digits --hidden 8 --epochs 3 --quiet --out result
