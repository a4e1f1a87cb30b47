#!/bin/sh
# Names the first of these tools that this machine lacks, with Debian's package for it; fails if it has all.
#   tools/missing_tool.sh TOOL...
set -eu
for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 && continue
    package=$(awk -v tool="$tool" '$1 == "has_command" && $2 == tool { print $3 }' "$(dirname "$0")/setup.sh")
    echo "no $tool, package $package (tools/setup.sh ci)"
    exit
done
exit 1
