#!/bin/sh
# An output that is mounted by itself, as containers mount single files, cannot be replaced: every command overwrites it,
# and says so. Nothing is left beside it.
set -u
mkdir -p build
scratch=$(mktemp -d "$PWD/build/mounted.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
for unshare in "unshare -m" "unshare -rm" "sudo -n unshare -m" none; do
    # shellcheck disable=SC2016 # expanded inside
    $unshare sh -c 'touch "$0/a" "$0/b" && mount --bind "$0/a" "$0/b"' "$scratch" 2>/dev/null && break
done
if [ "$unshare" = none ]; then
    echo "skipped mounted outputs: this user may not mount (needs Linux and root, or name spaces of users)"
    exit
fi
"$RBM" train digits --hidden 4 --epochs 1 --quiet --out "$scratch/model" >/dev/null

# check NAME WORD...: a command whose output is `result`
check() {
    name=$1
    shift
    (cd "$scratch" && "$RBM" "$@" >/dev/null 2>&1 && mv result expected)
    echo "an old file that is longer or shorter than the new one" >"$scratch/elsewhere"
    : >"$scratch/result"
    (cd "$scratch" && find . | sort) >"$scratch.before"
    # shellcheck disable=SC2016 # expanded inside
    $unshare sh -c 'cd "$0" && mount --bind elsewhere result && exec "$@"' "$scratch" "$RBM" "$@" \
        >/dev/null 2>"$scratch.errors"
    status=$?
    (cd "$scratch" && find . | sort) | diff - "$scratch.before" >/dev/null || status="$status, and left a file"
    if [ "$status" = 0 ] && cmp -s "$scratch/elsewhere" "$scratch/expected" &&
        grep -q '^rbm: result: cannot be replaced (.*): written in place$' "$scratch.errors"; then
        echo "ok mounted output of $name"
    else
        echo "FAILED mounted output of $name: status $status: $(head -n 1 "$scratch.errors")"
    fi
    rm -f "$scratch.errors" "$scratch.before" "$scratch/expected"
}

check train train digits --hidden 4 --epochs 2 --quiet --out result
check "train's page" train digits --hidden 4 --epochs 1 --quiet --out model2 --report result
check features features model digits-test --out result
check filters filters model --image result
check reconstruct reconstruct model digits-test --out result
check "reconstruct's picture" reconstruct model digits-test --image result
check sample sample model --count 4 --steps 3 --image result
check quantize quantize model --name result_rbm --out result
