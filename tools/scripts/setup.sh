#!/bin/sh
# Installs what development needs and this machine lacks, with the system's package manager.
#   tools/scripts/setup.sh test   what `make test` needs
#   tools/scripts/setup.sh ci     also cross compilers, emulators and CMake: with them no test is skipped
#   tools/scripts/setup.sh all    also clang-format, and what the targets beyond `make test` need
set -eu

fail() {
    echo "setup: $*" >&2
    exit 1
}

# A line for each need: a probe and its argument, then the packages for apt, dnf, pacman and brew.
# "-" is a package whose name we do not know.
needs() {
    echo "has_header doctest/doctest.h doctest-dev doctest-devel doctest doctest"
    [ "$level" = test ] || cat <<'END'
has_command clang++ clang clang clang llvm
has_command cmake cmake cmake cmake cmake
has_command file file file file -
has_command dpkg-shlibdeps dpkg-dev - - -
has_command python3 python3 python3 python python
has_command pkg-config pkg-config pkgconf pkgconf pkgconf
has_command arm-none-eabi-g++ gcc-arm-none-eabi - - -
has_arm_library libc.a libnewlib-arm-none-eabi - - -
has_arm_library libstdc++.a libstdc++-arm-none-eabi-newlib - - -
has_command qemu-system-arm qemu-system-arm - - -
has_command riscv64-unknown-elf-g++ gcc-riscv64-unknown-elf - - -
has_command qemu-system-riscv32 qemu-system-misc - - -
has_command aarch64-linux-gnu-g++ g++-aarch64-linux-gnu - - -
has_command qemu-aarch64 qemu-user - - -
has_command arm-linux-gnueabihf-g++ g++-arm-linux-gnueabihf - - -
has_command qemu-arm qemu-user - - -
has_command s390x-linux-gnu-g++ g++-s390x-linux-gnu - - -
has_command qemu-s390x qemu-user - - -
has_command avr-gcc gcc-avr - - -
has_file /usr/lib/avr/include/avr/pgmspace.h avr-libc - - -
has_command simavr simavr - - -
has_command arduino-builder arduino-builder - - -
has_file /usr/share/arduino/hardware/arduino/avr/boards.txt arduino-core-avr - - -
has_command mpicxx libopenmpi-dev openmpi-devel openmpi open-mpi
has_command mpicxx.openmpi libopenmpi-dev - - -
has_command mpirun.openmpi openmpi-bin - - -
has_command mpicxx.mpich libmpich-dev - - -
has_command mpirun.mpich mpich - - -
has_python yaml python3-yaml - - -
has_python kconfiglib python3-kconfiglib - - -
has_python torch python3-torch - - -
has_shared_library libopenblas.so libopenblas0 - - -
has_python sklearn python3-sklearn - - -
has_command zsh zsh zsh zsh zsh
has_command groff groff-base groff-base groff groff
has_command doxygen doxygen doxygen doxygen doxygen
has_command llvm-cov llvm llvm llvm llvm
has_command clang-tidy clang-tidy clang-tools-extra clang llvm
has_command cppcheck cppcheck cppcheck cppcheck cppcheck
has_fuzzer - libclang-rt-dev compiler-rt compiler-rt llvm
END
    [ "$level" != all ] || cat <<'END'
has_command clang-format clang-format clang-tools-extra clang clang-format
has_command valgrind valgrind valgrind valgrind -
has_command dieharder dieharder dieharder - dieharder
END
}

has_command() { command -v "$1" >/dev/null 2>&1; }
has_file() { [ -e "$1" ]; }
has_python() { /usr/bin/python3 -c "import $1" 2>/dev/null; }
has_shared_library() { /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }
has_header() { echo "#include <$1>" | ${CXX:-c++} -E -x c++ - >/dev/null 2>&1; }
has_fuzzer() { [ -e "$(clang++ -print-runtime-dir 2>/dev/null)/libclang_rt.fuzzer-$(uname -m).a" ]; }
# GCC prints a path where it finds the library, else only the name.
has_arm_library() { case $(arm-none-eabi-gcc -print-file-name="$1" 2>/dev/null) in */*) ;; *) false ;; esac; }

# The packages, in a line, of every need that is not met; $1 is the package manager's column.
missing() {
    needs | while read -r probe argument packages; do
        "$probe" "$argument" || echo "$packages" | cut -d ' ' -f "$1"
    done | xargs
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 -y --no-install-recommends install "$@"
}

install_packages() {
    case $manager in
        # A fresh container has no package lists and an old one has stale lists: an update cures both.
        apt) apt_install "$@" || { as_root apt-get update && apt_install "$@"; } ;;
        dnf) as_root dnf -y install "$@" ;;
        pacman) as_root pacman -S --noconfirm --needed "$@" ;;
        brew) brew install "$@" ;;
    esac
}

level=${1:-}
case $level in test | ci | all) ;; *) fail "usage: tools/scripts/setup.sh test|ci|all" ;; esac
has_header cstdint || fail "no C++ compiler '${CXX:-c++}': install one that knows C++17, or set CXX"

debian_packages=$(missing 1)
[ -n "$debian_packages" ] || exit 0

if has_command apt-get; then
    manager=apt column=1
elif has_command dnf; then
    manager=dnf column=2
elif has_command pacman; then
    manager=pacman column=3
elif has_command brew; then
    manager=brew column=4
else
    fail "no package manager that this script knows; install by hand what Debian calls: $debian_packages"
fi
packages=$(missing $column)
case " $packages " in
    *" - "*) fail "not all names are known for $manager; install by hand what Debian calls: $debian_packages" ;;
esac
if [ $manager != brew ] && ! as_root true 2>/dev/null; then
    fail "neither root nor able to use sudo without a password; install by hand: $packages"
fi

echo "setup: installing $packages"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # one word a package
install_packages $packages >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail "$manager could not install $packages (its last lines are above)"
}
[ -z "$(missing 1)" ] || fail "installed, yet still not usable: $(missing $column)"
