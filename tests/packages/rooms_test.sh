#!/bin/sh
# The rooms of tools/ stand in tools/docs/architecture.md, one floor a line. A room includes no room of its floor or above, a
# header of rbm/ nothing outside of rbm/, and none but commands/ takes the command line's Arguments. Units, a header with its
# source each, include one another in no circle.
set -u
page=tools/docs/architecture.md

# Prints `room floor`, the highest first.
floors() {
    awk '/^## The rooms/ { found = 1 } found && /^    / { seen = 1; ++floor; for (n = 1; n <= NF; ++n) print $n, floor }
        seen && /^$/ { exit }' $page
}

floors | grep -v / | grep -q . && echo "FAILED rooms: $page draws what is no folder"
for folder in tools/*/; do
    room=${folder#tools/}
    floor=$(floors | awk -v room="$room" '$1 == room { print $2 }')
    if [ -z "$floor" ]; then
        ls "$folder"*.hpp >/dev/null 2>&1 && [ "$room" != bench/ ] && echo "FAILED rooms: $page has no $room"
        continue
    fi
    above=$(floors | awk -v room="$room" -v floor="$floor" '$1 != room && $2 <= floor { print "\"tools/" $1 }')
    faults=$(grep -n '^#include "tools/' "$folder"*.?pp | grep -F "${above:-nothing}")
    [ "$room" = commands/ ] || faults=$faults$(grep -n -w 'Arguments' "$folder"*.?pp | grep -v '^tools/command_line/')
    if [ -z "$faults" ]; then
        echo "ok rooms $room"
    else
        echo "FAILED rooms $room: $faults"
    fi
done
if faults=$(grep -n -r '^#include "\(tools\|platform\|tests\)/' rbm || grep -n -r '^#include "tools/' platform/desktop); then
    echo "FAILED rooms at the ground: $faults"
else
    echo "ok rooms at the ground"
fi

# An edge from each unit to each that it includes; a name without a folder is a sibling.
edges=$(find rbm platform tools \( -name '*.[ch]pp' -o -name '*.[ch]' \) -not -path '*/examples/*' |
    xargs grep -H '^#include "' |
    sed -e 's/^\(.*\)\/\([^/:]*\):#include "\([^/"]*\)".*/\1\/\2 \1\/\3/' -e 's/:#include "\(.*\)".*/ \1/' \
        -e 's/\.[a-z]* / /' -e 's/\.[a-z]*$//' | awk '$1 != $2')
if ! echo "$edges" | grep -q '^tools/commands/train_inputs tools/training/training_run$'; then
    echo "FAILED rooms without a circle of units: the includes are not found"
elif circle=$(echo "$edges" | tsort 2>&1 >/dev/null) && [ -z "$circle" ]; then
    echo "ok rooms without a circle of units"
else
    echo "FAILED rooms without a circle of units: $(echo "$circle" | xargs)"
fi
