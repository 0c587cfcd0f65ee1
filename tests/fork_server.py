"""Runs commands of Scrapy in forks of one process that has imported what they need.

Importing takes a crawl of the sample site longer than crawling it. Each command is a process all the same, with files,
environment, signals and exit status of its own. What is about importing, memory, or the Python that runs a command has
to begin one with `subprocess`.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_READ_ON_START = ("PYTHON", "LC_", "LANG", "TZ")
"""How the names of variables begin that a process looks at once, when it starts."""

_IMPORTED = (
    "encodings.idna", "scrapy.cmdline", "scrapy.commands", "scrapy.downloadermiddlewares", "scrapy.extensions",
    "scrapy.spidermiddlewares", "scrapy.statscollectors", "scrapy.utils.engine", "vovcrawl",
)  # fmt: skip
"""What commands import, with all below it."""

_SCRAPY = [sys.executable, "-m", "scrapy"]


class ForkServer:
    """The process that forks, as the tests' process sees it; begun with the first command.

    Args:
        env: its environment.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = dict(env)

    def run(
        self, line: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """What `subprocess.run` gives for the line, its output captured as text with the line ends that it has.

        It is forked if it is `python -m scrapy ...`, in an environment that Python starts with as in the server's.

        Raises:
            subprocess.TimeoutExpired: it took longer than so many seconds, and is killed.
        """
        if list(line[:3]) != _SCRAPY or _settled(env) != _settled(self._env):
            ended = subprocess.run(line, cwd=cwd, env=env, capture_output=True, timeout=timeout, check=False)
            return subprocess.CompletedProcess(line, ended.returncode, ended.stdout.decode(), ended.stderr.decode())
        ours, theirs = socket.socketpair()
        outputs, written = zip(os.pipe(), os.pipe(), strict=True)
        socket.send_fds(self._asked, [b"."], [theirs.fileno(), *written])
        theirs.close()
        for descriptor in written:
            os.close(descriptor)
        with ThreadPoolExecutor(2) as readers, ours, ours.makefile("rw", encoding="utf-8") as talk:
            texts = [readers.submit(_read, output) for output in outputs]
            print(json.dumps({"line": list(line), "cwd": str(cwd), "env": dict(env)}), file=talk, flush=True)
            process = int(talk.readline())
            ours.settimeout(timeout)
            try:
                status = int(talk.readline())
            except TimeoutError:
                os.kill(process, signal.SIGKILL)
                raise subprocess.TimeoutExpired(line, timeout) from None
            return subprocess.CompletedProcess(line, status, *(text.result() for text in texts))

    @functools.cached_property
    def _asked(self) -> socket.socket:
        """Where it is asked; it ends when this is closed, or with this process."""
        ours, theirs = socket.socketpair()
        server = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())],
            cwd=Path(__file__).resolve().parent.parent,
            env=self._env,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

        def end() -> None:
            ours.close()
            server.wait()

        atexit.register(end)
        return ours


def _read(descriptor: int) -> str:
    with open(descriptor, "rb") as file:
        return file.read().decode()


def _settled(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(_READ_ON_START)}


def _serve(asked: socket.socket) -> list[str]:
    """Forks a process for each command; returns in each, with the command's line.

    Between the two stands a process that waits for the command and passes its exit status on.
    """
    with warnings.catch_warnings(action="ignore"):
        for name in _IMPORTED:
            package = importlib.import_module(name)
            for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{name}."):
                if not module.name.endswith("__main__"):
                    importlib.import_module(module.name)
    # Which reactor there is, is for the command to say.
    assert "twisted.internet.reactor" not in sys.modules
    gc.collect()
    # A collection in a fork would copy all that they share.
    gc.freeze()
    waiting = 0
    while True:
        _, descriptors, _, _ = socket.recv_fds(asked, 1, 3)
        # Those that have ended are waited for; when nothing more is asked, all are.
        while waiting and os.waitpid(-1, os.WNOHANG if descriptors else 0)[0]:
            waiting -= 1
        if not descriptors:
            os._exit(0)
        if os.fork() == 0:
            break
        waiting += 1
        for descriptor in descriptors:
            os.close(descriptor)
    asked.close()
    talk = socket.socket(fileno=descriptors[0])
    with talk.makefile("rw", encoding="utf-8") as lines:
        request = json.loads(lines.readline())
        process = os.fork()
        if process:
            for descriptor in descriptors[1:]:
                os.close(descriptor)
            print(process, file=lines, flush=True)
            print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), file=lines, flush=True)
            os._exit(0)
    talk.close()
    for target, descriptor in enumerate(descriptors[1:], 1):
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    sys.path[0] = request["cwd"]
    line: list[str] = request["line"]
    return line


if __name__ == "__main__":
    sys.orig_argv = _serve(socket.socket(fileno=int(sys.argv[1])))
    sys.argv = sys.orig_argv[2:]
    # As `-m` does, so that processes of the command's own begin as they would.
    runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
