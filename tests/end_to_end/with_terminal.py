"""with_terminal.py SECONDS FILE COMMAND...: runs COMMAND on a terminal of its own, types Ctrl-C there after SECONDS, and
ends with its status; what it showed goes to FILE."""
import os
import pty
import select
import sys
import time

seconds, path, command = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
end = time.monotonic() + seconds
typed = False
with open(path, "wb") as file:
    while True:
        if not typed and time.monotonic() > end:
            os.write(terminal, b"\x03")
            typed = True
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                text = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            if not text:
                break
            file.write(text)
status = os.waitpid(child, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
