#!/bin/sh
# A board of each family, and of those with and without an FPU; `make boards` runs all of them.
exec tests/boards.sh microbit mps2-an386 virt-rv32 aarch64-linux-gnu atmega328p
