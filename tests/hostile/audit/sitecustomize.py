"""Writes down what a process does to the world outside it: a JSON line for each event, in the file `AUDIT_LOG`.

Python imports it at start wherever its folder is in `PYTHONPATH`.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
from typing import Any

_EVENTS = frozenset(
    "socket.connect socket.getaddrinfo socket.gethostbyname socket.sendto subprocess.Popen os.system "
    "os.exec os.posix_spawn ftplib.connect urllib.Request".split()
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _watch(log: str) -> None:
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _EVENTS:
            what = [str(argument) for argument in arguments]
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
            what = [str(arguments[0])]
        else:
            return
        os.write(out, json.dumps([event, what]).encode() + b"\n")

    def say_peak() -> None:
        # The kernel's count for a child includes what its parent held when it was started; this one does not.
        with open("/proc/self/status") as status:  # noqa: PTH123 - nothing is to be imported here
            peak = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
        os.write(out, json.dumps(["peak", [peak]]).encode() + b"\n")

    atexit.register(say_peak)
    sys.addaudithook(note)


if "AUDIT_LOG" in os.environ:
    _watch(os.environ["AUDIT_LOG"])
