#!/bin/sh
# The library's reference as HTML, from its doc comments: tools/scripts/reference.sh FOLDER. A warning is an error.
set -eu
cd "$(dirname "$0")/../.."
RBM_VERSION=$(sed -n 's/^#define RBM_VERSION_[A-Z]* //p' rbm/config.hpp | paste -s -d .)
export RBM_VERSION
{
    cat rbm/Doxyfile
    echo "OUTPUT_DIRECTORY = $1"
} | doxygen -
