# Read by build.sh, run.sh, toolchains/board.cmake and what builds on them, which set `platform` to the folder above.

# What all boards do without in C++.
cxx_flags="-fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit"

# The names of all boards, one a line.
board_names() { awk '/^[a-z]/ { print $1 }' "$platform/boards/boards.txt"; }

# read_board BOARD: sets a variable for each column of its row, then what its family makes of them: compiler, emulator,
# processor_flags, compile_flags with them, optimization, sources (what every program is built with), link_flags, the function
# `emulate PROGRAM`, and the examples that run on it.
read_board() {
  row=$(awk -v board="$1" '$1 == board { print; found = 1 } END { exit !found }' "$platform/boards/boards.txt") || {
    echo "$(basename "$0"): no board '$1' in $platform/boards/boards.txt" >&2
    exit 2
  }
  # shellcheck disable=SC2034 # the families use them
  read -r board family core machine code_at code_size ram_at ram_size large_at large_size stack_size board_flags <<END
$row
END
  examples=$(echo "$platform"/examples/*.c*)
  . "$platform/boards/$family/family.sh"
}

# missing_tool TOOL...: those that this machine lacks, with the packages that have them; fails if there are none.
missing_tool() { "$platform/../tools/scripts/missing_tool.sh" "$@"; }

# need TOOL...: ends the script, in a line, where one is missing.
need() {
  if missing=$(missing_tool "$@"); then
    echo "$(basename "$0"): $missing" >&2
    exit 1
  fi
}

# What the families without an operating system share; it needs `processor_flags`.
bare_metal() {
  optimization=-O2
  compile_flags="$processor_flags -ffreestanding -ffunction-sections -fdata-sections -fno-tree-loop-distribute-patterns"
  link_flags="$processor_flags -T $platform/boards/bare-metal/board.ld -nostdlib -Wl,--gc-sections"
  for symbol in code_at code_size ram_at ram_size large_at large_size stack_size; do
    eval "link_flags=\"\$link_flags -Wl,--defsym=$symbol=\$$symbol\""
  done
  for source in start.c memory.c semihosting.c; do sources="$sources $platform/boards/bare-metal/$source"; done
}

# Runs a command for at most RUN_SECONDS.
bounded() { timeout -k 5 "${RUN_SECONDS:-60}" "$@" </dev/null; }

# Runs a bare-metal program in QEMU. -icount ties the board's clocks to its instructions, so that runs repeat exactly.
emulate_bare_metal() {
  bounded "$emulator" -M "$machine" -display none -monitor none -serial none \
    -chardev stdio,id=console -semihosting-config enable=on,target=native,chardev=console -icount shift=0 "$@"
}
