#!/bin/sh
# The library's reference as HTML, from its doc comments: tools/scripts/reference.sh FOLDER. A warning is an error.
set -eu
cd "$(dirname "$0")/../.."
RBM_VERSION=$(tools/scripts/version.sh)
export RBM_VERSION
{
    cat rbm/Doxyfile
    echo "OUTPUT_DIRECTORY = $1"
} | doxygen -
