# CMake toolchain: a Cortex-M board of platform/boards/boards.txt, bare metal, run in QEMU by CTest.
#   cmake -B build-arm -DCMAKE_TOOLCHAIN_FILE=platform/toolchains/arm-none-eabi.cmake -DBOARD=microbit

set(BOARD mps2-an386 CACHE STRING "A Cortex-M board of platform/boards/boards.txt")
set(board_family cortex-m)
set(CMAKE_SYSTEM_PROCESSOR arm)
include(${CMAKE_CURRENT_LIST_DIR}/board.cmake)
