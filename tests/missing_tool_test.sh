#!/bin/sh
# What needs a tool that this machine lacks says so in one line, with the package that has it, and leaves nothing.
set -u
mkdir -p build
scratch=$(mktemp -d build/missing.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
# A machine of few tools.
for tool in sh make awk sed basename dirname getconf; do ln -s "$(command -v $tool)" "$scratch/$tool"; done

# lacks TOOL PACKAGE COMMAND...: says so before anything else
lacks() {
    expected="no $1, package $2 (tools/setup.sh ci)"
    shift 2
    if PATH=$PWD/$scratch "$@" >"$scratch/log" 2>&1; then
        echo "FAILED $1 $2 without a tool: succeeds"
    elif ! head -n 1 "$scratch/log" | grep -q "^[a-z. ]*: $expected\$"; then
        echo "FAILED $1 $2 without a tool: says '$(head -n 1 "$scratch/log")'"
    else
        echo "ok $1 $2: $expected"
    fi
}
lacks arm-none-eabi-g++ gcc-arm-none-eabi platform/build.sh microbit "$scratch/a.elf" tests/integers.c
lacks qemu-system-arm qemu-system-arm platform/run.sh microbit "$scratch/a.elf"
lacks avr-gcc gcc-avr platform/build.sh atmega328p "$scratch/a.elf" tests/integers.c
lacks qemu-s390x qemu-user platform/run.sh s390x-linux-gnu "$scratch/a.elf"
for target in install deb; do lacks cmake cmake make $target; done
lacks doxygen doxygen make reference
ln -s "$(command -v sh)" "$scratch/cmake"
lacks file file make deb
ln -s "$(command -v sh)" "$scratch/file"
lacks dpkg-shlibdeps dpkg-dev make deb
