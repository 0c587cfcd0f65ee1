"""Runs Splash 3.5 without a container: Debian's QtWebKit, and Splash as PyPI has it, in an environment of its own.

    apt-get install python3-pyqt5.qtwebkit
    make splash

Splash 3.5 is of 2020. What keeps it from running with today's Python and libraries is mended here in memory, in
`_mend`; the installed packages stay as they are. PyQt5 is under the GPL: only this file imports it, in a process of its
own that programs reach over HTTP.

Scripts of pages run in that process. So another one watches it: where it does not answer, as while a page's script
never ends, or takes more memory than it may, it is killed and started anew.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import types
from contextlib import suppress
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

_PYQT = Path("/usr/lib/python3/dist-packages/PyQt5")

_PAGE = os.sysconf("SC_PAGE_SIZE")
_STEP = 0.25
"""Seconds between two looks at the process."""

_FIRST_ANSWER = 60.0
"""Seconds that it has to start."""

_PAUSE = 0.5
"""Seconds before it is started anew."""

_LONGEST_RENDERING = 600
"""Seconds that a program may give a page."""


def main() -> int:
    """Runs Splash until it is interrupted."""
    parser = argparse.ArgumentParser(description="Splash 3.5 on Debian's QtWebKit")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8050, help="(default: %(default)s)")
    parser.add_argument("--memory", type=int, default=1000, help="megabytes that it may take (default: %(default)s)")
    parser.add_argument(
        "--hangs-after", type=float, default=20.0, help="seconds without an answer (default: %(default)s)"
    )
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        _serve(given.host, given.port)
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            reason, is_ready = _watch(given)
            if not is_ready:
                print(f"Splash cannot be started: it {reason}", file=sys.stderr)
                return 1
            print(f"Splash {reason}: starting it anew", file=sys.stderr, flush=True)
            time.sleep(_PAUSE)
    except KeyboardInterrupt:
        return 0


def _watch(given: argparse.Namespace) -> tuple[str, bool]:
    """Runs the process until it ends or must be ended; why it did, and whether it could be started."""
    command = [sys.executable, __file__, "--serve", "--host", given.host, "--port", str(given.port)]
    with tempfile.TemporaryDirectory(prefix="splash-") as folder:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": folder}
        process = subprocess.Popen(command, env=environment)
        try:
            return _why_ended(process, given)
        finally:
            process.kill()
            process.wait()


def _why_ended(process: subprocess.Popen[bytes], given: argparse.Namespace) -> tuple[str, bool]:
    ask = build_opener(ProxyHandler({})).open
    url = f"http://{given.host}:{given.port}/_ping"
    answered = time.monotonic() + _FIRST_ANSWER - given.hangs_after
    asked, has_answered = 0.0, False
    while process.poll() is None:
        if _resident(process.pid) > given.memory * 1_000_000:
            return f"takes more than {given.memory} MB", has_answered
        if time.monotonic() - asked > 1:
            with suppress(URLError, OSError), ask(url, timeout=_STEP):
                answered, has_answered = max(answered, time.monotonic()), True
            asked = time.monotonic()
        if time.monotonic() - answered > given.hangs_after:
            return "does not answer", has_answered
        time.sleep(_STEP)
    was_killed = process.returncode < 0
    return f"ended with status {process.returncode}", has_answered or was_killed


def _resident(pid: int) -> int:
    """Bytes of memory that a process takes; 0 of one that is gone."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


def _serve(host: str, port: int) -> None:
    _mend()
    from splash.server import main as serve

    # It has a line for each page. In no file: Splash renames the one that it is given once a day, `/dev/null` too.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    sys.argv = [
        *("splash", "--ip", host, "--port", str(port), "--slots", "1", "--max-timeout", str(_LONGEST_RENDERING)),
        *("--disable-xvfb", "--disable-ui", "--browser-engines", "webkit"),
        *("--allowed-schemes", "http,https,data"),
    ]
    serve()


def _find_pyqt() -> None:
    """Takes PyQt5 alone from Debian's packages: the others there are too old for Splash's environment.

    Raises:
        SystemExit: it is not there.
    """
    if find_spec("PyQt5") is None and _PYQT.is_dir():
        spec = spec_from_file_location("PyQt5", _PYQT / "__init__.py", submodule_search_locations=[str(_PYQT)])
        assert spec is not None
        assert spec.loader is not None
        sys.modules["PyQt5"] = package = module_from_spec(spec)
        spec.loader.exec_module(package)
    try:
        import PyQt5.QtWebKit  # noqa: F401
    except ImportError as error:
        sys.exit(f"needs QtWebKit for this Python ({error}); right would be: apt-get install python3-pyqt5.qtwebkit")


class _Absent(type):
    """Classes that are named in Splash's code, with their constants, and never used."""

    def __getattr__(cls, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return name


def _mend() -> None:
    """Makes Splash 3.5 run with today's libraries."""
    _find_pyqt()
    import lupa.lua52

    # Its scripts are for Lua 5.2; lupa takes the newest of the versions that it brings.
    sys.modules["lupa"] = lupa.lua52

    # It imports Chromium's engine even where it is to use WebKit's alone.
    engine = types.ModuleType("PyQt5.QtWebEngineWidgets")
    for name in ("QWebEnginePage", "QWebEngineProfile", "QWebEngineSettings", "QWebEngineView", "QWebEngineScript"):
        setattr(engine, name, _Absent(name, (), {"httpUserAgent": lambda _: ""}))
    sys.modules[engine.__name__] = engine

    # Python 3.9 took away the encoding of JSON, which every request in JSON is read with.
    loads = json.loads

    def loads_with_encoding(text: Any, *, encoding: str | None = None, **options: Any) -> Any:
        return loads(text, **options)

    json.loads = loads_with_encoding

    # Since Python 3.10 no fraction is taken for a whole number.
    from PyQt5.QtCore import QTimer

    start = QTimer.start

    def start_rounded(timer: Any, *milliseconds: float) -> None:
        start(timer, *map(round, milliseconds))

    QTimer.start = start_rounded


if __name__ == "__main__":
    sys.exit(main())
