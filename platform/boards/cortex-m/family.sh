# Cortex-M: compiler and emulator (see ../board.sh).
compiler=arm-none-eabi-g++
emulator=qemu-system-arm
compile_flags="-mthumb $board_flags"
link_flags="$compile_flags -T $platform/boards/bare-metal/board.ld"
sources="$platform/boards/cortex-m/reset.c"
bare_metal
emulate() { emulate_bare_metal -kernel "$1"; }
