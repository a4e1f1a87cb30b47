# CMake toolchain: a Cortex-M board of platform/cortex-m/boards.txt, bare metal, run in QEMU by CTest.
#   cmake -B build-arm -DCMAKE_TOOLCHAIN_FILE=platform/toolchains/arm-none-eabi.cmake -DBOARD=microbit
# An executable adds ${BOARD_SOURCES}, which bring start-up code, console and the mem* functions.

set(BOARD mps2-an386 CACHE STRING "A board of platform/cortex-m/boards.txt")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BOARD)

set(board_folder ${CMAKE_CURRENT_LIST_DIR}/../cortex-m)
file(STRINGS ${board_folder}/boards.txt board_row REGEX "^${BOARD} ")
if(NOT board_row)
  message(FATAL_ERROR "boards.txt: no board '${BOARD}'")
endif()
string(REGEX REPLACE " +" ";" board_row "${board_row}")
list(SUBLIST board_row 9 -1 board_flags)
list(JOIN board_flags " " board_flags)

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(freestanding "-mthumb ${board_flags} -ffreestanding -ffunction-sections -fdata-sections -fno-tree-loop-distribute-patterns")
set(CMAKE_C_FLAGS_INIT "${freestanding}")
set(CMAKE_CXX_FLAGS_INIT "${freestanding} -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit")

set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -Wl,--gc-sections")
set(column 2)
foreach(symbol code_at code_size ram_at ram_size large_at large_size stack_size)
  list(GET board_row ${column} value)
  string(APPEND CMAKE_EXE_LINKER_FLAGS_INIT " -Wl,--defsym=${symbol}=${value}")
  math(EXPR column "${column} + 1")
endforeach()
string(APPEND CMAKE_EXE_LINKER_FLAGS_INIT " -T \"${board_folder}/board.ld\"")
set(CMAKE_C_STANDARD_LIBRARIES -lgcc)
set(CMAKE_CXX_STANDARD_LIBRARIES -lgcc)

set(BOARD_SOURCES ${board_folder}/start.c ${board_folder}/memory.c ${board_folder}/console.c)
set(CMAKE_CROSSCOMPILING_EMULATOR ${board_folder}/run.sh ${BOARD})

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
