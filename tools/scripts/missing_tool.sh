#!/bin/sh
# Names those of these tools that this machine lacks, in a line, with Debian's packages; fails if it has all.
#   tools/scripts/missing_tool.sh TOOL...
set -eu
missing=
for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 && continue
    package=$(awk -v tool="$tool" '$1 == "has_command" && $2 == tool { print $3 }' "$(dirname "$0")/setup.sh")
    missing="${missing:+$missing; }no $tool, package $package"
done
[ -n "$missing" ]
echo "$missing (tools/scripts/setup.sh ci)"
