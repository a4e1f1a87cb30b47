# Cortex-M: compiler and emulator (see ../board.sh).
compiler=arm-none-eabi-g++
emulator=qemu-system-arm
processor_flags="-mthumb $board_flags"
sources="$platform/boards/cortex-m/reset.c"
bare_metal
emulate() { emulate_bare_metal -kernel "$1"; }
