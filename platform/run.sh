#!/bin/sh
# Runs a program on an emulated board: its console on standard output, its exit status as this script's.
#   run.sh BOARD PROGRAM
# 70 is a fault on the board, 124 that it did not end within RUN_SECONDS, a minute if that is not set.
set -eu
platform=$(cd "$(dirname "$0")" && pwd)
. "$platform/boards/board.sh"

if [ $# -ne 2 ]; then
  echo "usage: run.sh BOARD PROGRAM" >&2
  exit 2
fi
read_board "$1"
need "$emulator"
status=0
emulate "$2" || status=$?
[ $status -ne 124 ] || echo "run.sh: $2 did not end within ${RUN_SECONDS:-60} seconds" >&2
exit $status
