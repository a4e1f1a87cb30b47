# Linux on another processor: compiler and emulator (see ../board.sh).
compiler=$board-g++
emulator=qemu-$machine
optimization=-O2
compile_flags="$board_flags -ffunction-sections -fdata-sections"
link_flags="$board_flags -static -Wl,--gc-sections"
sources="$platform/boards/linux/start.c"
emulate() { bounded "$emulator" "$1"; }
