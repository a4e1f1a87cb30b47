#!/bin/sh
# The whole library as one header, on standard output: tools/scripts/single_header.sh >rbm_single.hpp. rbm/rbm.hpp with each
# include of the library in its place, once; then rbm/quantized.h, under its own guard, for generated headers.
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
awk '
    function expand(name,   line, included) {
        if (name in seen) return
        seen[name] = 1
        print "// ---- rbm/" name
        while ((getline line <("rbm/" name)) > 0) {
            if (line ~ /^#pragma once/) continue
            if (line ~ /^#include "/) {
                included = line
                gsub(/^#include "|"$/, "", included)
                expand(included)
            } else if (line !~ /^#include </ || !(line in seen)) {
                if (line ~ /^#include </) seen[line] = 1
                print line
            }
        }
        close("rbm/" name)
    }
    BEGIN { expand("rbm.hpp"); expand("quantized.h") }' | cat -s
printf '\n#endif\n'
