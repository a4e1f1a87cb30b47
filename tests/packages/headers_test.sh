#!/bin/sh
# Every header compiles alone, with all warnings, under GCC, and those of the library and of boards under Clang too. Those of rbm/ see
# nothing but the headers that a bare-metal compiler brings, and those that end in .h are C99 too.
# shellcheck disable=SC2086 # flags are several words
set -u
warnings=$(cat platform/warnings.txt)

# check HEADER COMPILER FLAGS...: one header, included from an otherwise empty source
check() {
    header=$1
    shift
    if message=$(echo "#include \"$header\"" | "$@" $warnings -I. -fsyntax-only - 2>&1); then
        echo "ok $header ($1)"
    else
        echo "FAILED $header ($1): $(printf '%s' "$message" | grep -m 1 error)"
        printf '%s\n' "$message"
    fi
}

check_with() {
    if ! command -v "$2" >/dev/null 2>&1; then
        echo "skipped headers ($2): not installed (tools/scripts/setup.sh ci)"
        return
    fi
    only_compiler="-nostdinc -isystem $("$2" -print-file-name=include) -ffreestanding"
    for header in rbm/*.hpp rbm/*.h; do
        check "$header" "$2" -x c++ -std=c++17 $only_compiler -fno-exceptions -fno-rtti
    done
    for header in rbm/*.h; do check "$header" "$1" -x c -std=c99 $only_compiler; done
    # The parts of the runtime, of which one declares what another defines.
    for header in rbm/quantized/*.h; do
        check "$header" "$1" -x c -std=c99 $only_compiler -Wno-unused-function
        check "$header" "$2" -x c++ -std=c++11 $only_compiler -Wno-unused-function
    done
    for header in platform/*.h platform/*/*.h platform/boards/*/*.h; do check "$header" "$1" -x c -std=c99; done
}

# A compiler that passes no structures by value is told so in words.
if echo '#include "rbm/quantized.h"' | ${CC:-cc} -D__SDCC -x c -I. -fsyntax-only - 2>&1 | grep -q '#error "rbm/quantized.h passes'; then
    echo "ok rbm/quantized.h (SDCC)"
else
    echo "FAILED rbm/quantized.h (SDCC): is not stopped by an #error"
fi

# A stand-alone header of before comes first, which lacks what this version has.
if printf '%s\n' '#define RBM_QUANTIZED_FORMAT 2' '#define RBM_QUANTIZED_INTERFACE 2' '#include "rbm/quantized.h"' |
    ${CC:-cc} -x c -I. -fsyntax-only - 2>&1 | grep -q '#error "a stand-alone header of another version of rbm comes first'; then
    echo "ok rbm/quantized.h (older first)"
else
    echo "FAILED rbm/quantized.h (older first): is not stopped by an #error"
fi

check_with gcc g++
for header in tools/*/*.hpp platform/desktop/*.hpp tests/support/*.hpp; do check "$header" g++ -x c++ -std=c++17; done
if command -v mpicxx >/dev/null 2>&1; then
    for header in platform/mpi/*.hpp; do check "$header" mpicxx -x c++ -std=c++17; done
else
    echo "skipped headers (mpicxx): not installed (tools/scripts/setup.sh ci)"
fi
check_with clang clang++
