#!/bin/sh
# Runs a program on an emulated board: its console on standard output, its exit status as this script's.
#   run.sh BOARD PROGRAM.elf
# 70 is a fault on the board, 124 that it did not end within a minute.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

if [ $# -ne 2 ]; then
  echo "usage: run.sh BOARD PROGRAM.elf" >&2
  exit 2
fi

row=$(awk -v board="$1" '$1 == board { print; found = 1 } END { exit !found }' "$here/boards.txt") || {
  echo "run.sh: no board '$1' in $here/boards.txt" >&2
  exit 2
}
read -r _ machine _ <<END
$row
END

# -icount ties the board's clocks to its instructions, so that runs repeat exactly.
exec timeout 60 qemu-system-arm -M "$machine" -display none -monitor none -serial none \
  -chardev stdio,id=console -semihosting-config enable=on,target=native,chardev=console \
  -icount shift=0 -kernel "$2" </dev/null
