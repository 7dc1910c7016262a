"""Types words and a tab into zsh on a pseudo-terminal, until it shows what is expected.

usage: zsh.py DIRECTORY WORDS EXPECTED; DIRECTORY holds the function _cloudfront-lint.
"""

import os
import pty
import select
import subprocess
import sys
import time

directory, words, expected = sys.argv[1:]
setup = f"PS1=; fpath=({directory} $fpath); autoload -Uz compinit; compinit -u -d {directory}/dump; echo rea''dy\n"

ours, theirs = pty.openpty()
shell = subprocess.Popen(["zsh", "-f", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)


def until(text, what):
    """Reads until a text is shown."""
    due = time.monotonic() + 20
    shown = ""
    while text not in shown:
        if time.monotonic() > due:
            shell.kill()
            sys.exit(f"{what}: {shown!r}")
        if select.select([ours], [], [], 0.1)[0]:
            shown += os.read(ours, 1 << 16).decode(errors="replace")


os.write(ours, setup.encode())
until("ready\r\n", "zsh does not start")
os.write(ours, f"{words}\t".encode())
until(expected, "not completed")
shell.kill()
