#!/bin/sh
# What the command brings along for shells and man: completions that complete, a manual page without a warning, and
# `make install`'s places for them.
set -u
root=$PWD
mkdir -p build
scratch=$(mktemp -d "$root/build/shell.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
rbm=${RBM:-$root/build/rbm}
mkdir "$scratch/folder"
touch "$scratch/folder/digits.csv" "$scratch/folder/model.safetensors"

# expect NAME EXPECTED FOUND: both are words, in any order
expect() {
    if [ "$(echo "$2" | tr ' ' '\n' | sort)" = "$(echo "$3" | tr ' ' '\n' | sort)" ]; then
        echo "ok $1"
    else
        echo "FAILED $1: completes '$3', not '$2'"
    fi
}

# What bash offers for the last of these words, as its line editor asks.
in_bash() {
    bash --norc -c '
        cd "$1"; program=$2; source "$3/tools/completion/rbm.bash"; shift 3
        [[ $(complete -p rbm) == *_rbm* ]] || exit 1
        COMP_WORDS=("$program" "$@") COMP_CWORD=$#
        _rbm && echo "${COMPREPLY[*]}"' bash "$scratch/folder" "$rbm" "$root" "$@"
}

# What zsh offers for the last of these words. Its completion system, which calls the function, is stood in for.
in_zsh() {
    (cd "$scratch/folder" && zsh -f -c '
        _describe() { print -l -- ${${(P)2}%%:*} }
        compadd() { shift; print -l -- ${(M)@:#${PREFIX}*} }
        _files() { print -l -- ${PREFIX}*(N) }
        _message() { }
        rbm_function=$(<$1/_rbm); shift
        words=("$@") CURRENT=$# PREFIX=${@[-1]}
        eval "complete_it() { $rbm_function
        }"
        complete_it' zsh "$root/tools/completion" "$rbm" "$@" | xargs)
}

if command -v bash >/dev/null 2>&1; then
    expect "bash completes commands" "train" "$(in_bash tr)"
    expect "bash completes every command" \
        "$("$rbm" help | sed -n '3,/^$/s/^  \([a-z]*\) .*/\1/p' | xargs) --version" "$(in_bash '')"
    expect "bash completes options" "--hidden --hold-out --hop" "$(in_bash train digits --h)"
    expect "bash completes choices" "adam" "$(in_bash train digits --optimizer a)"
    expect "bash completes every choice" "sampled thresholded means" "$(in_bash features model.safetensors --visible '')"
    expect "bash completes files" "model.safetensors" "$(in_bash evaluate mod)"
    expect "bash completes data" "digits digits-test digits.csv" "$(in_bash evaluate model.safetensors dig)"
    expect "bash completes files of options" "digits.csv" "$(in_bash train digits --validation digits.)"
    expect "bash leaves numbers alone" "" "$(in_bash train digits --hidden '')"
    expect "bash completes help" "quantize" "$(in_bash help q)"
else
    echo "skipped bash completion: no bash"
fi
if command -v zsh >/dev/null 2>&1; then
    expect "zsh completes commands" "$("$rbm" help | sed -n '3,/^$/s/^  \([a-z]*\) .*/\1/p' | xargs)" "$(in_zsh tr)"
    expect "zsh completes options" "--hidden --hold-out --hop" "$(in_zsh train digits --h)"
    expect "zsh completes choices" "adam" "$(in_zsh train digits --optimizer a)"
    expect "zsh completes data" "digits digits-test digits.csv" "$(in_zsh evaluate model.safetensors dig)"
    expect "zsh completes files of options" "digits.csv" "$(in_zsh train digits --validation digits.)"
    expect "zsh leaves numbers alone" "" "$(in_zsh train digits --hidden '')"
else
    echo "skipped zsh completion: no zsh (tools/scripts/setup.sh ci)"
fi

# report NAME COMMAND...: one line for the command's success or failure
report() {
    name=$1
    shift
    if "$@" >"$scratch/log" 2>&1; then
        echo "ok $name"
    else
        echo "FAILED $name: $(grep -m 1 -i error "$scratch/log" || tail -n 1 "$scratch/log")"
        cat "$scratch/log"
    fi
}

# The page says all that the help does: each option of each command, and no warning comes of it.
page_is_whole() {
    "$rbm" help --man >"$scratch/rbm.1" && groff -man -Tascii -ww "$scratch/rbm.1" >"$scratch/page" 2>"$scratch/warnings" || return
    cat "$scratch/warnings"
    [ ! -s "$scratch/warnings" ] || return
    # Without bold, which is each letter twice, or escape codes.
    sed -e 's/.\x08//g' -e 's/\x1b\[[0-9;]*m//g' "$scratch/page" >"$scratch/plain"
    for command in train evaluate reconstruct sample filters features quantize info help; do
        grep -q "^rbm $command" "$scratch/plain" || { echo "error: nothing of $command"; return 1; }
        for option in $("$rbm" help $command | sed -n 's/^  \(--[a-z-]*\).*/\1/p'); do
            sed -n "/^rbm $command/,\$p" "$scratch/plain" | sed '2,$ { /^rbm /q }' | grep -q -e "^ *$option" ||
                { echo "error: nothing of $command $option"; return 1; }
        done
    done
}
if command -v groff >/dev/null 2>&1; then
    report "manual page" page_is_whole
else
    echo "skipped manual page: no groff (tools/scripts/setup.sh ci)"
fi

version=$(tools/scripts/version.sh)
report "rbm --version" test "$("$rbm" --version)" = "rbm $version"
