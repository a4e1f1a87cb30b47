# Completion of rbm for bash; installed as share/bash-completion/completions/rbm, or sourced from ~/.bashrc. Commands,
# options and their choices are read from `rbm help`, so that they are those of the program that is called.

_rbm() {
    local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} help value
    COMPREPLY=()
    if ((COMP_CWORD == 1)) || [[ ${COMP_WORDS[1]} == help && $word != -* ]]; then
        # The list of commands is indented; after the first word of a line comes what it does.
        mapfile -t COMPREPLY < <(compgen -W "$("$program" help 2>/dev/null |
            sed -n '3,/^$/s/^  \([a-z]*\) .*/\1/p') --version" -- "$word")
        return
    fi
    help=$("$program" help "${COMP_WORDS[1]}" 2>/dev/null) || return
    if [[ $previous == --* ]]; then
        # What an option takes stands behind it: choices, or one word in capitals for all else.
        value=$(sed -n "s/^  $previous \([^ ]*\).*/\1/p" <<<"$help")
        case $value in
            *\|*) mapfile -t COMPREPLY < <(compgen -W "${value//|/ }" -- "$word") && return ;;
            [0-9]*) mapfile -t COMPREPLY < <(compgen -W "$value" -- "$word") && return ;;
            FILE | MASK | DATA) mapfile -t COMPREPLY < <(compgen -f -- "$word") && return ;;
            ?*) return ;; # a number or a name
        esac
    fi
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(sed -n 's/^  \(--[a-z-]*\).*/\1/p' <<<"$help")" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -W "digits digits-test" -- "$word"; compgen -f -- "$word")
    fi
}
complete -o filenames -F _rbm rbm
