#!/bin/sh
# rbm/quantized.h, the device runtime as the one file that ships, from its parts in rbm/quantized/, on standard output:
# make runtime writes it, tests/packages/single_header_test.sh holds it against them.
set -eu
cd "$(dirname "$0")/../.."
echo "// generated from rbm/quantized/ by tools/scripts/quantized_header.sh: do not edit"
awk -f tools/scripts/inline_includes.awk rbm/quantized/contents.h
