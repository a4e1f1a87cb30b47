#!/bin/sh
# The whole library as one header, on standard output: tools/scripts/single_header.sh >rbm_single.hpp. rbm/rbm.hpp with each
# include of the library in its place, once; then rbm/pack.hpp and rbm/unpack.hpp, with rbm/quantized.h under its own guard, for generated headers.
set -eu
cd "$(dirname "$0")/../.."

version=$(tools/scripts/version.sh)
cat <<END
// rbm $version as one header, generated from its folder rbm/ by tools/scripts/single_header.sh: do not edit.
// SPDX-License-Identifier: MIT
//
$(sed -e 's|^|// |' -e 's| *$||' LICENSE)

#ifndef RBM_SINGLE_HPP
#define RBM_SINGLE_HPP
#ifdef RBM_VERSION
#error "include rbm_single.hpp or files of rbm/, not both"
#endif

END
awk -f tools/scripts/inline_includes.awk rbm/rbm.hpp rbm/pack.hpp rbm/unpack.hpp
printf '\n#endif\n'
