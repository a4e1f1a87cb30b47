# Linux on another processor: compiler and emulator (see ../board.sh).
compiler=$board-g++
emulator=qemu-$machine
compile_flags="$board_flags -O2 -ffunction-sections -fdata-sections"
link_flags="$board_flags -static -Wl,--gc-sections"
sources="$platform/boards/linux/start.c"
emulate() { bounded "$emulator" "$1"; }
