"""A Splash of the tests' own, over loopback, as `make splash` runs it."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.conftest import PROJECT

PYTHON = Path(os.environ.get("VOVCRAWL_SPLASH_PYTHON") or PROJECT / ".venv-splash" / "bin" / "python")
_QTWEBKIT = Path("/usr/lib/python3/dist-packages/PyQt5")
_open = build_opener(ProxyHandler({})).open


class Splash:
    """A server that runs until it is stopped, and is started anew where a page ends it.

    Args:
        options: of the program, beside the port.
    """

    def __init__(self, *options: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._options = options
        self.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it; it answers then."""
        program = [str(PYTHON), str(PROJECT / "scripts" / "run_splash.py"), "--port", str(self.port), *self._options]
        self._watching = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait()

    def wait(self) -> None:
        """Waits until it answers."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with suppress(URLError, OSError), _open(f"{self.url}/_ping", timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError("Splash does not start")

    def kill(self) -> None:
        """Kills the process that renders; the one that watches it starts another one."""
        watching = self._watching.pid
        for pid in Path(f"/proc/{watching}/task/{watching}/children").read_text().split():
            os.kill(int(pid), signal.SIGKILL)

    def stop(self) -> None:
        """Ends both."""
        self._watching.send_signal(signal.SIGTERM)
        self._watching.wait(20)


def need_splash() -> None:
    """A test without Splash is skipped."""
    if not PYTHON.exists() or not _QTWEBKIT.is_dir():
        pytest.skip("needs Splash: apt-get install python3-pyqt5.qtwebkit, and make .venv-splash/ready")


@cache
def splash() -> Splash:
    """The server that the tests of this process share, started by the first one."""
    need_splash()
    made = Splash("--hangs-after", "5")
    atexit.register(made.stop)
    return made
