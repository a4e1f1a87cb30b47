# What the bare-metal toolchains share: the row of platform/boards/boards.txt that BOARD names becomes flags for compiler and
# linker. Needs `board_family`, `board_compiler` (a prefix) and `processor_flags`, those of the family.

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BOARD)
set(platform ${CMAKE_CURRENT_LIST_DIR}/..)
file(STRINGS ${platform}/boards/boards.txt board_row REGEX "^${BOARD} +${board_family} ")
if(NOT board_row)
  message(FATAL_ERROR "boards.txt: no board '${BOARD}' of the family ${board_family}")
endif()
string(REGEX REPLACE " +" ";" board_row "${board_row}")
list(SUBLIST board_row 11 -1 board_flags)
list(JOIN board_flags " " board_flags)

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_C_COMPILER ${board_compiler}gcc)
set(CMAKE_CXX_COMPILER ${board_compiler}g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(freestanding "${processor_flags} ${board_flags} -ffreestanding -ffunction-sections -fdata-sections -fno-tree-loop-distribute-patterns")
set(CMAKE_C_FLAGS_INIT "${freestanding}")
set(CMAKE_CXX_FLAGS_INIT "${freestanding} -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit")

set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -Wl,--gc-sections")
set(column 4)
foreach(symbol code_at code_size ram_at ram_size large_at large_size stack_size)
  list(GET board_row ${column} value)
  string(APPEND CMAKE_EXE_LINKER_FLAGS_INIT " -Wl,--defsym=${symbol}=${value}")
  math(EXPR column "${column} + 1")
endforeach()
string(APPEND CMAKE_EXE_LINKER_FLAGS_INIT " -T \"${platform}/boards/bare-metal/board.ld\"")
set(CMAKE_C_STANDARD_LIBRARIES -lgcc)
set(CMAKE_CXX_STANDARD_LIBRARIES -lgcc)

# An executable adds these, which bring start-up code, console and the mem* functions.
set(BOARD_SOURCES ${platform}/boards/${board_family}/reset.c ${platform}/boards/bare-metal/start.c ${platform}/boards/bare-metal/memory.c
    ${platform}/boards/bare-metal/semihosting.c)
set(CMAKE_CROSSCOMPILING_EMULATOR ${platform}/run.sh ${BOARD})

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
