"""on_terminal.py FILE COMMAND...: becomes COMMAND with a terminal for its stderr; what it says there goes to FILE."""
import os
import sys

terminal, other_end = os.openpty()
if os.fork() == 0:
    os.close(other_end)
    with open(sys.argv[1], "wb", buffering=0) as file:
        try:
            while text := os.read(terminal, 65536):
                file.write(text)
        except OSError:  # the other end is closed
            os._exit(0)
os.close(terminal)
os.dup2(other_end, 2)
os.close(other_end)
os.execvp(sys.argv[2], sys.argv[2:])
