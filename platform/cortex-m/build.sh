#!/bin/sh
# Builds a bare-metal program for a board of boards.txt, from C99 and C++17 sources:
#   build.sh BOARD OUTPUT.elf SOURCE... [-- COMPILER-FLAG...]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

if [ $# -lt 3 ]; then
  echo "usage: build.sh BOARD OUTPUT.elf SOURCE... [-- COMPILER-FLAG...]" >&2
  exit 2
fi
board=$1
output=$2
shift 2

row=$(awk -v board="$board" '$1 == board { print; found = 1 } END { exit !found }' "$here/boards.txt") || {
  echo "build.sh: no board '$board' in $here/boards.txt" >&2
  exit 2
}
read -r _ _ code_at code_size ram_at ram_size large_at large_size stack_size board_flags <<END
$row
END

sources=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  sources="$sources $1"
  shift
done
[ $# -eq 0 ] || shift

objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
common="-mthumb $board_flags -O2 -ffreestanding -ffunction-sections -fdata-sections -ffp-contract=off
  -fno-tree-loop-distribute-patterns $warnings"
cxx="-std=c++17 -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit"

number=0
for source in $sources "$here/start.c" "$here/memory.c" "$here/console.c"; do
  number=$((number + 1))
  case $source in
    *.c) language="-std=c99" ;;
    *) language=$cxx ;;
  esac
  # shellcheck disable=SC2086 # lists of flags
  arm-none-eabi-gcc $common $language -I"$root" "$@" -c "$source" -o "$objects/$number.o"
done

# shellcheck disable=SC2086 # lists of flags
arm-none-eabi-gcc -mthumb $board_flags -nostdlib -Wl,--gc-sections \
  -Wl,--defsym=code_at="$code_at",--defsym=code_size="$code_size" \
  -Wl,--defsym=ram_at="$ram_at",--defsym=ram_size="$ram_size" \
  -Wl,--defsym=large_at="$large_at",--defsym=large_size="$large_size" \
  -Wl,--defsym=stack_size="$stack_size" \
  -T "$here/board.ld" "$@" "$objects"/*.o -lgcc -o "$output"
