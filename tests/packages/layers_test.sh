#!/bin/sh
# The rooms of the code stand above one another: a file includes files of its own room and of rooms below it, and no files
# include one another in a circle. The command line's words (Arguments) stay in the rooms that read them.
set -u

# The order of the rooms, from the ground up. This is the only statement of it.
rooms="rbm platform tools/base tools/command_line tools/data tools/model tools/output tools/inference
tools/training tools/quantization tools/commands tools/bench"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Each include of a file of the project: the file that has it, the file that it names.
for room in $rooms; do
    find "$room" -name '*.[ch]pp' -o -name '*.h' -o -name '*.c' | sort | xargs grep -H '^#include "' |
        sed -n 's/^\([^:]*\):#include "\(.*\)".*/\1 \2/p'
done | while read -r file included; do
    case $included in
        */*) echo "$file $included" ;;
        *) echo "$file ${file%/*}/$included" ;; # a sibling
    esac
done >"$scratch/includes"

# report NAME: one result, of the faults that standard input lists
report() {
    faults=$(cat)
    if [ -z "$faults" ]; then
        echo "ok $1"
    else
        echo "FAILED $1: $(printf '%s\n' "$faults" | head -n 1)"
        printf '%s\n' "$faults"
    fi
}

[ "$(wc -l <"$scratch/includes")" -gt 300 ] || echo "the includes were not found" | report "layers: includes are read"

awk -v rooms="$rooms" '
    function floor_of(file, room) {
        for (room in floors) if (index(file, room "/") == 1) return floors[room]
        return 0
    }
    BEGIN {
        count = split(rooms, order)
        for (n = 1; n <= count; ++n) floors[order[n]] = n
    }
    { from = floor_of($1); to = floor_of($2) }
    to == 0 && $2 ~ /^(rbm|platform|tools|tests)\// { print $1 " includes " $2 ", which is in no room" }
    to > from { print $1 " includes " $2 ", of a room above it" }' "$scratch/includes" | report "layers: no room leans on one above"

# A unit is a header with its source: whether they form a circle is what tsort says.
sed 's/\.[a-z]* / /; s/\.[a-z]*$//' "$scratch/includes" | awk '$1 != $2' | tsort 2>&1 >/dev/null |
    report "layers: no files in a circle"

grep -l '\<Arguments\>' tools/*/*.[ch]pp | grep -v '^tools/command' | report "layers: Arguments only where words are read"
