#!/bin/sh
# Builds a program for a board of boards.txt, from C99 and C++17 sources:
#   build.sh BOARD OUTPUT SOURCE... [-- COMPILER-FLAG...]
set -eu
platform=$(cd "$(dirname "$0")" && pwd)
. "$platform/boards/board.sh"

if [ $# -lt 3 ]; then
  echo "usage: build.sh BOARD OUTPUT SOURCE... [-- COMPILER-FLAG...]" >&2
  exit 2
fi
read_board "$1"
need "$compiler"
output=$2
shift 2
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  sources="$1 $sources"
  shift
done
[ $# -eq 0 ] || shift

objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
warnings=$(cat "$platform/warnings.txt")
number=0
for source in $sources; do
  number=$((number + 1))
  case $source in
    *.c) language="-x c -std=c99" ;;
    *) language="-x c++ -std=c++17 $cxx_flags" ;;
  esac
  # The program's folders first: the root may hold another model of the same name.
  # shellcheck disable=SC2086 # lists of flags
  "$compiler" $language $compile_flags $optimization -ffp-contract=off $warnings "$@" -I"$platform/.." -c "$source" -o "$objects/$number.o"
done

# shellcheck disable=SC2086 # lists of flags
"$compiler" $link_flags "$@" "$objects"/*.o -lgcc -o "$output"
