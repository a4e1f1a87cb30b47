#!/usr/bin/env python3
"""Runs a command in a terminal of its own and presses Ctrl-C there, once a file exists: press_ctrl_c.py FILE WORD...
Prints what the terminal shows. The exit status is that of the command; or 124 where it takes longer than 100 s, and is
told to end: by a signal to it alone, because `timeout` as its parent would pass on Ctrl-C, which it then has twice."""
import os
import pty
import select
import signal
import sys
import time

file, command = sys.argv[1], sys.argv[2:]
end = time.monotonic() + 100
process, terminal = pty.fork()
if process == 0:
    os.execvp(command[0], command)
pressed = False
while True:
    if not pressed and os.path.exists(file):
        os.write(terminal, b"\x03")
        pressed = True
    if time.monotonic() > end:
        os.kill(process, signal.SIGTERM)
        time.sleep(2)
        os.kill(process, signal.SIGKILL)
        sys.exit(124)
    if not select.select([terminal], [], [], 0.05)[0]:
        continue
    try:
        shown = os.read(terminal, 4096)
    except OSError:  # so Linux says that nothing has the terminal open any more
        break
    if not shown:
        break
    sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
