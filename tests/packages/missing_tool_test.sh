#!/bin/sh
# What needs tools that this machine lacks names them all in one line, with their packages, and leaves nothing.
set -u
mkdir -p build
scratch=$(mktemp -d build/missing.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
# A machine of few tools.
for tool in sh make awk cat sed basename dirname getconf; do ln -s "$(command -v $tool)" "$scratch/$tool"; done

# says WORDS COMMAND...: before anything else
says() {
    expected="$1 (tools/scripts/setup.sh ci)"
    shift
    if PATH=$PWD/$scratch "$@" >"$scratch/log" 2>&1; then
        echo "FAILED $1 $2 without a tool: succeeds"
    elif ! head -n 1 "$scratch/log" | grep -q "^[a-z. ]*: $expected\$"; then
        echo "FAILED $1 $2 without a tool: says '$(head -n 1 "$scratch/log")'"
    else
        echo "ok $1 $2: $expected"
    fi
}
says 'no arm-none-eabi-g++, package gcc-arm-none-eabi' platform/build.sh microbit "$scratch/a.elf" tests/boards/runtime.c
says 'no qemu-system-arm, package qemu-system-arm' platform/run.sh microbit "$scratch/a.elf"
says 'no avr-gcc, package gcc-avr' platform/build.sh atmega328p "$scratch/a.elf" tests/boards/runtime.c
says 'no qemu-s390x, package qemu-user' platform/run.sh s390x-linux-gnu "$scratch/a.elf"
says 'no cmake, package cmake' make install
says 'no mpicxx, package libopenmpi-dev' make mpi
says 'no doxygen, package doxygen' make reference
says 'no cmake, package cmake; no file, package file; no dpkg-shlibdeps, package dpkg-dev' make deb
ln -s "$(command -v sh)" "$scratch/file"
says 'no cmake, package cmake; no dpkg-shlibdeps, package dpkg-dev' make deb
ln -s "$(command -v sh)" "$scratch/arm-none-eabi-g++"
says 'no python3, package python3' make stack

expected='skipped stack: no python3, package python3 (tools/scripts/setup.sh ci)'
told=$(PATH=$PWD/$scratch tests/boards/stack_test.sh 2>&1 | head -n 1)
[ "$told" = "$expected" ] && echo "ok a test without a tool: $expected" || echo "FAILED a test without a tool: says '$told'"
