# CMake toolchain: 32-bit RISC-V (rv32imac), bare metal. It compiles and archives; a program brings its own
# start-up code and linker script.
#   cmake -B build-riscv -DCMAKE_TOOLCHAIN_FILE=platform/toolchains/riscv64-unknown-elf.cmake

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

# The older ISA version, because with the newer one's _zicsr GCC 12 silently takes the 64-bit libgcc.
set(freestanding "-misa-spec=2.2 -march=rv32imac -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0 -ffreestanding -ffunction-sections -fdata-sections")
set(CMAKE_C_FLAGS_INIT "${freestanding}")
set(CMAKE_CXX_FLAGS_INIT "${freestanding} -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -Wl,--gc-sections")
set(CMAKE_C_STANDARD_LIBRARIES -lgcc)
set(CMAKE_CXX_STANDARD_LIBRARIES -lgcc)

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
