"""Types words and a tab into a shell on a pseudo-terminal, until it shows what is expected.

usage: typed.py zsh|elvish DIRECTORY WORDS EXPECTED; DIRECTORY holds the completions as _cloudfront-lint.
"""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

name, directory, words, expected = sys.argv[1:]
# The command and its setup, which ends with a word that is not in what is typed; then what comes after the tab.
command, setup, after = {
    "zsh": (
        ["zsh", "-f", "-i"],
        f"PS1=; fpath=({directory} $fpath); autoload -Uz compinit; compinit -u -d {directory}/dump; echo rea''dy\n",
        "",
    ),
    # Elvish draws what is typed piece by piece: the command itself shows what it got.
    "elvish": (
        ["elvish", "-norc"],
        f"eval (slurp < {directory}/_cloudfront-lint); fn cloudfront-lint {{|@words| echo $@words}}; echo rea''dy\r",
        "\r",
    ),
}[name]

ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 200, 0, 0))
shell = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)


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
until("ready\r\n", f"{name} does not start")
os.write(ours, f"{words}\t{after}".encode())
until(expected, "not completed")
shell.kill()
