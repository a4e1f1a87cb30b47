#!/bin/sh
# Prints the version, which stands in rbm/config.hpp. CMakeLists.txt reads it there itself: a release has no tools/.
set -eu
sed -n 's/^#define RBM_VERSION_[A-Z]* //p' "$(dirname "$0")/../../rbm/config.hpp" | paste -s -d .
