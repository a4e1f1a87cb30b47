#!/bin/sh
# What a page (*.md) names is there: the file and the section of each relative link; each path in backticks, from the page's
# folder or the root; each file named in backticks without its folder, anywhere; each target of `make`.
# The library's page has every header. The changelog names files that are gone.
set -u
mkdir -p build
scratch=$(mktemp -d build/pages.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
find rbm platform tests tools -type f >"$scratch/files"
make help | sed 's/^make \([^ ]*\).*/\1/' >"$scratch/targets"

# sections PAGE: the anchor of each heading
sections() { sed -n 's/^##* *//p' "$1" | tr '[:upper:]' '[:lower:]' | sed -e 's/[^a-z0-9 _-]//g' -e 's/ /-/g'; }

# check_link PAGE LINK
check_link() {
    file=${2%%#*}
    [ -z "$file" ] && file=$1 || file=$(dirname "$1")/$file
    if [ ! -e "$file" ]; then
        echo "no file $2"
    elif [ "$2" != "${2#*#}" ] && ! sections "$file" | grep -qxF "${2#*#}"; then
        echo "no section $2"
    fi
}

for page in *.md .github/*.md $(find rbm platform tests tools -name "*.md" | grep -v CHANGELOG | sort); do
    # Outside of blocks of code: links but to other hosts, then words in backticks.
    awk '/^```/ { inside = !inside } !inside && !/^    /' "$page" >"$scratch/text"
    grep -o ']([^)]*)' "$scratch/text" | sed 's/^](\(.*\))$/\1/' | grep -v '^https\{0,1\}:' |
        while read -r link; do check_link "$page" "$link"; done >"$scratch/faults"
    grep -o '`[^`]*`' "$scratch/text" | tr -d '`' >"$scratch/quoted"
    # Made by a build, of other projects, or standing for others: NAME.
    grep -x -E '\.{0,2}[A-Za-z0-9_.-]*(/[A-Za-z0-9_.*-]+)+/?|[a-z0-9_-]+\.(hpp|cpp|c|h|sh|py|md|txt|awk|inc|mk|cmake|csv|ld)' \
        "$scratch/quoted" | grep -v -E '^(build|third_party|sklearn)/|NAME|FOLDER|(digits|sensor|pulse|pump)_rbm\.[ch]$|rbm_single' |
        while read -r path; do
            for at in $path $(dirname "$page")/$path; do [ -e "$at" ] && continue 2; done
            case $path in
                */*) ;;
                *) grep -q "/$path\$" "$scratch/files" && continue ;;
            esac
            echo "no path $path"
        done >>"$scratch/faults"
    grep '^make [a-z-]*\( \|$\)' "$scratch/quoted" | sed 's/^make \([a-z-]*\).*/\1/' | grep -vxF -f "$scratch/targets" |
        sed 's/^/no target make /' >>"$scratch/faults"
    if [ -s "$scratch/faults" ]; then
        echo "FAILED $page: $(paste -s -d ';' "$scratch/faults")"
    else
        echo "ok $page"
    fi
done

for header in rbm/*.h rbm/*.hpp; do
    grep -q "^| \`${header#rbm/}\` |" rbm/README.md || echo "FAILED rbm/README.md: no row of $header"
done
