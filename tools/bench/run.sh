#!/bin/sh
# All benchmarks, as `make bench` runs them: tools/bench/run.sh
set -eu
cd "$(dirname "$0")/../.."
build/bench commands phases scaling threads inference
echo
exec tools/bench/peers.sh
