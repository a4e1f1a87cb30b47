# The most stack that a program can take, along its call graph:
#   awk -v root=FUNCTION -v return_address=BYTES -f stack.awk NM CI... DISASSEMBLY
# where BYTES are what a call itself pushes, NM is what nm prints, CI are the compiler's reports (-fcallgraph-info=su),
# and DISASSEMBLY is what objdump -d prints of the program, for the functions that come without a report: the compiler's
# own support routines, and all on an AVR, whose compiler is too old. Functions that NM does not list count nothing.
# Prints bytes; after them "?" if a function calls itself or by a pointer, or is in neither report nor disassembly.

# title: "file.c:name" or "name"; quoted fields of a line are 2, 4, ...
function name_of(title) { sub(/.*:/, "", title); return title }

function add_call(from, to) {
    # --wrap=main puts another function between.
    if (to == "main" && from == "start_program" && "__wrap_main" in address) to = "__wrap_main"
    if (to == "__real_main") to = "main"
    calls[from] = calls[from] " " to
}

# A hexadecimal number; mawk knows none.
function number_of(text,  value, n) {
    text = tolower(text)
    if (text !~ /^0x/) return text + 0
    for (n = 3; n <= length(text); ++n) value = 16 * value + index("0123456789abcdef", substr(text, n, 1)) - 1
    return value
}

function deepest(name, caller,  callees, count, n, below, most) {
    if (name in done) return done[name]
    if (name in under_way) {
        if (!((caller, name) in jump)) doubtful = 1
        return 0
    }
    # Of several names at one address the disassembly shows one.
    if (!(name in frame) && (name in address) && (address[name] in shown)) name = shown[address[name]]
    if (!(name in frame)) {
        # What is not in the program was a call that the compiler has done without; constructors run before main.
        if ((name in address) || (name == "__indirect_call" && caller != "start_program")) doubtful = 1
        return 0
    }
    under_way[name] = 1
    count = split(calls[name], callees, " ")
    for (n = 1; n <= count; ++n) {
        below = deepest(callees[n], name) + return_address
        if (below > most) most = below
    }
    delete under_way[name]
    return done[name] = frame[name] + most
}

BEGIN {
    calls["on_reset"] = " start_program"  # a jump in assembly, which the compiler does not see
    frame["__leaf"] = 0
}
FILENAME != file { file = FILENAME; ++files }
files == 1 { if (NF == 3) address[$3] = $1; next }

/^(node|edge): / {
    split($0, field, "\"")
    if ($1 == "node:" && match(field[4], /[0-9]+ bytes/)) {
        name = name_of(field[2])
        frame[name] = substr(field[4], RSTART) + 0
        reported[name] = 1
    }
    if ($1 == "edge:") add_call(name_of(field[2]), name_of(field[4]))
    next
}

/^[0-9a-f]+ <.*>:$/ {
    name = substr($2, 2, length($2) - 3)
    # A function that ends without leaving runs on into the next.
    if (runs_on && !(last in reported)) add_call(last, name)
    shown[$1] = name
    last = name
    if (!(name in reported)) frame[name] += 0
    next
}

# GCC for Arm reports no room that a function makes before it saves registers, for arguments that came in registers and
# that it keeps beside those on the stack: sub sp, #8; push {r4, lr}.
/^ *[0-9a-f]+:\t/ && (last in reported) {
    split($0, part, "\t")
    if (saves[last]) next
    if (part[3] ~ /^sub/ && part[4] ~ /^sp, #/) room[last] = substr(part[4], 6) + 0
    if (part[3] ~ /^(push|stmdb)/) { frame[last] += room[last]; saves[last] = 1 }
    next
}

/^ *[0-9a-f]+:\t/ {
    count = split($0, part, "\t")
    instruction = part[3]
    operands = part[4]
    runs_on = !(instruction ~ /^(b|b\.n|b\.w|bl|bx|udf|nop|j|jr|jal|ret|ebreak|jmp|rjmp|call|rcall)$/ || operands ~ /pc}/)
    if (instruction ~ /^\./) next
    # Arm: push {r4, r5, lr}; sub sp, #24; str lr, [sp, #-8]!
    if (instruction ~ /^(push|stmdb)/ && operands ~ /{/) frame[last] += 4 * split(operands, registers, ",")
    else if (instruction == "push") frame[last] += 1
    if (instruction ~ /^sub/ && operands ~ /^sp,/ && match(operands, /#[0-9]+/))
        frame[last] += substr(operands, RSTART + 1, RLENGTH - 1)
    if (instruction ~ /^str/ && match(operands, /\[sp, #-[0-9]+\]!/)) frame[last] += substr(operands, RSTART + 7) + 0
    # RISC-V: add sp,sp,-16
    if (instruction ~ /^add/ && operands ~ /^sp,sp,-/) frame[last] += substr(operands, 8) + 0
    # AVR: in r29, 0x3e, where the stack pointer is, then sbiw r28, 0x10; or subi r28, 0x20 and sbci r29, 0x01
    # (sbc r29, r1). Later ones only reach for variables. rcall .+0 only makes room.
    if (instruction == "in" && operands ~ /^r29, 0x3e/) pointer[last] = 1
    if (instruction == "subi" && operands ~ /^r28,/) low = number_of(substr(operands, 6))
    if ((instruction == "sbiw" && operands ~ /^r28,/) || (instruction ~ /^sbci?$/ && operands ~ /^r29,/)) {
        number = instruction == "sbc" ? 0 : number_of(substr(operands, 6))
        if (pointer[last]) frame[last] += instruction == "sbiw" ? number : 256 * number + low
        pointer[last] = 0
    }
    if (instruction == "rcall" && operands ~ /^\.\+0/) frame[last] += return_address
    if (instruction ~ /^(icall|blx|jalr)$/ && $0 !~ /</) add_call(last, "__indirect_call")
    # The one function that is called so, rbm_quantized's `banks`, calls nothing.
    if (instruction == "eicall") add_call(last, "__leaf")
    # Calls, and jumps to the start of another function.
    if (instruction ~ /^(b|j|call|rcall|rjmp)/ && match($0, /<[^+>]+>$/)) {
        callee = substr($0, RSTART + 1, RLENGTH - 2)
        if (callee != last) add_call(last, callee)
        if (instruction !~ /^(bl|jal|call|rcall)$/) jump[last, callee] = 1  # in a loop of several labels, no recursion
    }
}

END {
    bytes = deepest(root, "")
    print bytes (doubtful ? "?" : "")
}
