# RISC-V without an operating system: compiler and emulator (see ../board.sh).
compiler=riscv64-unknown-elf-g++
emulator=qemu-system-riscv32
processor_flags="$board_flags -mcmodel=medany -msmall-data-limit=0"
sources="$platform/boards/riscv/reset.c"
bare_metal
# One segment may be writable and executable here: protection is the PMP's, not a loader's.
link_flags="$link_flags -Wl,--no-warn-rwx-segments"
emulate() { emulate_bare_metal -bios none -kernel "$1"; }
