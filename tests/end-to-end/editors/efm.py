"""Talks to efm-langserver as an editor does, and writes what it publishes for a document that is not saved."""

import json
import os
import pathlib
import subprocess
import threading

ROOT = pathlib.Path(os.environ["ROOT"])
DOCUMENT = pathlib.Path("broken.xml").resolve()
TEXT = DOCUMENT.read_text(encoding="utf-8").replace("\t<!--", "<!-- not saved -->\n\t<!--", 1)
SEVERITIES = [None, "Error", "Warning", "Info", "Hint"]

server = subprocess.Popen(
    ["efm-langserver", "-c", ROOT / "editors/efm/config.yaml"],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
)
threading.Timer(20, server.kill).start()


def send(method, params, number=None):
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    if number is not None:
        message["id"] = number
    body = json.dumps(message).encode()
    server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    server.stdin.flush()


def receive():
    length = 0
    while (line := server.stdout.readline().strip()):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    assert length, "the server has gone"
    return json.loads(server.stdout.read(length))


def units(text, start, end=None):
    """A part of a text, in UTF-16 code units."""
    encoded = text.encode("utf-16-le")
    return encoded[2 * start : None if end is None else 2 * end].decode("utf-16-le")


root = DOCUMENT.parent.as_uri()
send("initialize", {"processId": None, "rootUri": root, "capabilities": {}}, 1)
while receive().get("id") != 1:
    pass
send("initialized", {})
item = {"uri": DOCUMENT.as_uri(), "languageId": "xml", "version": 1, "text": TEXT}
send("textDocument/didOpen", {"textDocument": item})
while not ((message := receive()).get("method") == "textDocument/publishDiagnostics" and message["params"]["diagnostics"]):
    pass
with open(os.environ["SEEN"], "w", encoding="utf-8") as seen:
    for found in message["params"]["diagnostics"]:
        start = found["range"]["start"]
        rest = units(TEXT.split("\n")[start["line"]], start["character"])
        text = rest.split("<")[0].split(">")[0]
        print(start["line"] + 1, SEVERITIES[found["severity"]], text, found["message"], sep=" | ", file=seen)
server.kill()
os._exit(0)
