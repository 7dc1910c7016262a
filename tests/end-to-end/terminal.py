"""Runs the program with one stream on a pseudo-terminal; the document comes by standard input after so many seconds.

usage: terminal.py stdout|stderr SECONDS ARGUMENTS…: prints what the terminal got, as a Python string.
"""

import os
import pty
import select
import subprocess
import sys
import time

DOCUMENT = b'<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"/>'

stream, seconds, *arguments = sys.argv[1:]
ours, theirs = pty.openpty()
streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: theirs}
run = subprocess.Popen(arguments, stdin=subprocess.PIPE, **streams)
os.close(theirs)
due = time.monotonic() + float(seconds)
got = b""
while True:
    ready, _, _ = select.select([ours], [], [], 0.05)
    try:
        chunk = os.read(ours, 1 << 16) if ready else b""
    except OSError:  # The other side is closed.
        break
    if ready and not chunk:
        break
    got += chunk
    if due is not None and time.monotonic() >= due:
        run.stdin.write(DOCUMENT)
        run.stdin.close()
        due = None
run.wait()
print(ascii(got.decode()))
