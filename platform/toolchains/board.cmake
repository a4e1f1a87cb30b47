# What the bare-metal toolchains share: flags for compiler and linker of the board that BOARD names, which
# platform/boards/board.sh knows. Needs `board_family`.

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BOARD)
set(platform ${CMAKE_CURRENT_LIST_DIR}/..)
execute_process(
  COMMAND sh -ec [[platform=$1; . "$1/boards/board.sh"; read_board "$2"
    printf '%s\n' "$family" "$compiler" "$compile_flags" "$cxx_flags" "$link_flags" "$sources"]]
    board.cmake ${platform} ${BOARD}
  OUTPUT_VARIABLE board RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REPLACE "\n" ";" board "${board}")
if(NOT status EQUAL 0 OR NOT board MATCHES "^${board_family};")
  message(FATAL_ERROR "boards.txt: no board '${BOARD}' of the family ${board_family}")
endif()
list(GET board 1 CMAKE_CXX_COMPILER)
list(GET board 2 CMAKE_C_FLAGS_INIT)
list(GET board 3 cxx_flags)
list(GET board 4 link_flags)
list(GET board 5 sources)

set(CMAKE_SYSTEM_NAME Generic)
string(REGEX REPLACE "g\\+\\+$" "gcc" CMAKE_C_COMPILER ${CMAKE_CXX_COMPILER})
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_CXX_FLAGS_INIT "${CMAKE_C_FLAGS_INIT} ${cxx_flags}")
# The folder's name may have spaces.
string(REPLACE "${platform}/" "\"${platform}\"/" CMAKE_EXE_LINKER_FLAGS_INIT "${link_flags}")
set(CMAKE_C_STANDARD_LIBRARIES -lgcc)
set(CMAKE_CXX_STANDARD_LIBRARIES -lgcc)

# An executable adds these, which bring start-up code, console and the mem* functions.
string(REPLACE " ${platform}/" ";${platform}/" BOARD_SOURCES "${sources}")
set(CMAKE_CROSSCOMPILING_EMULATOR ${platform}/run.sh ${BOARD})

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
