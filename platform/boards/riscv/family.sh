# RISC-V without an operating system: compiler and emulator (see ../board.sh).
compiler=riscv64-unknown-elf-g++
emulator=qemu-system-riscv32
compile_flags="$board_flags -mcmodel=medany -msmall-data-limit=0"
# One segment may be writable and executable here: protection is the PMP's, not a loader's.
link_flags="$compile_flags -T $platform/boards/bare-metal/board.ld -Wl,--no-warn-rwx-segments"
sources="$platform/boards/riscv/reset.c"
bare_metal
emulate() { emulate_bare_metal -bios none -kernel "$1"; }
