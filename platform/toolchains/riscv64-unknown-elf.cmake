# CMake toolchain: a 32-bit RISC-V board of platform/boards/boards.txt, bare metal, run in QEMU by CTest.
#   cmake -B build-riscv -DCMAKE_TOOLCHAIN_FILE=platform/toolchains/riscv64-unknown-elf.cmake

set(BOARD virt-rv32 CACHE STRING "A RISC-V board of platform/boards/boards.txt")
set(board_family riscv)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
include(${CMAKE_CURRENT_LIST_DIR}/board.cmake)
