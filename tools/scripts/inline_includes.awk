# Prints headers with the text of each #include "..." in its place, once: awk -f inline_includes.awk FILE... A line
# tells where each file begins; #pragma once and #include <...> that stand a second time are left out, and of
# several empty lines all but one.
function write(line) {
    if (line != "" || !empty) print line
    empty = line == ""
}
function expand(path,   folder, line, found) {
    if (path in seen) return
    seen[path] = 1
    folder = path
    sub(/[^\/]*$/, "", folder)
    write("")
    write("// ---- " path)
    while ((found = (getline line <path)) > 0) {
        if (line ~ /^#pragma once/) continue
        if (line ~ /^#include "/) {
            gsub(/^#include "|"$/, "", line)
            expand(folder line)
        } else if (line !~ /^#include </ || !(line in seen)) {
            if (line ~ /^#include </) seen[line] = 1
            write(line)
        }
    }
    close(path)
    if (found < 0) {
        print "inline_includes.awk: no " path >"/dev/stderr"
        exit failed = 1
    }
}
BEGIN {
    empty = 1
    for (n = 1; n < ARGC; ++n) expand(ARGV[n])
    exit failed
}
