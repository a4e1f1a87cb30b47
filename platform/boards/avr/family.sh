# AVR: compiler and emulator (see ../board.sh). C99 only: Debian's avr-gcc is GCC 5.4.
compiler=avr-gcc
emulator=simavr
optimization=-Os
compile_flags="$board_flags -ffreestanding -ffunction-sections -fdata-sections"
link_flags="$board_flags -nostartfiles -nodefaultlibs -Wl,--gc-sections -T $platform/boards/avr/board.ld"
for symbol in code_at code_size ram_at ram_size; do
  eval "link_flags=\"\$link_flags -Wl,--defsym=$symbol=\$$symbol\""
done
sources="$platform/boards/avr/start.c"
examples=$(echo "$platform"/examples/*.c)

# simavr prints a line of the UART in colour, with a point for the newline; the last one, after an empty
# one where a line had ended, tells the exit status.
emulate() {
  { bounded "$emulator" -m "$machine" -f 16000000 "$1" 2>&1 || echo "simavr: exit status $?"; } |
    awk -v escape="$(printf '\033')" '
      { gsub(escape "\\[[0-9]*m", "") }
      /^Loaded |^signal caught/ { next }
      /^simavr: exit status / { status = $NF; next }
      { sub(/\.$/, "") }
      /^exit status [0-9]+$/ { status = $3; ended = 1; next }
      !ended {
        if (started) print line
        line = $0
        started = 1
      }
      END {
        if (line != "") print line
        exit ended || status ? status : 1
      }'
}
