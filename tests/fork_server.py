"""Runs commands of Scrapy in forks of one process that has imported and compiled what they need.

That takes longer than a crawl of the sample site. Each command is a process all the same, with files, environment,
signals and exit status of its own. What is about importing, memory, or the Python that runs a command has to begin one
with `subprocess`.
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
import select
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg  # noqa: F401 - a store in PostgreSQL needs it

from sample_site.expected import expected_record
from sample_site.pages import Pages
from sample_site.site import load_site
from vovcrawl import search_tokens
from vovcrawl.archives import files
from vovcrawl.near_duplicates import words_of
from vovcrawl.pages.time_expressions import tag

_READ_ON_START = ("PYTHON", "LD_", "LC_", "LANG", "TZ")
"""How the names of variables begin that a process looks at once, when it starts."""

_IMPORTED = (
    "encodings.idna", "scrapy.cmdline", "scrapy.commands", "scrapy.downloadermiddlewares", "scrapy.extensions",
    "scrapy.spidermiddlewares", "scrapy.statscollectors", "scrapy.utils.engine", "vovcrawl",
)  # fmt: skip
"""What commands import, with all below it."""

_SCRAPY = [sys.executable, "-m", "scrapy"]


class Forked:
    """A command that runs, in the words of `subprocess.Popen`; its outputs are text with the line ends that it has.

    Args:
        line: the command.
        talk: where the server says which process it is, and how it ended.
        outputs: what it writes to its standard output and its standard error.
    """

    def __init__(self, line: Sequence[str], talk: socket.socket, outputs: Sequence[int]) -> None:
        self.args = line
        self.stdout, self.stderr = (os.fdopen(each, encoding="utf-8", newline="") for each in outputs)
        self.returncode: int | None = None
        self._talk = talk
        self._said = b""
        self.pid = int(self._next_line(None))

    def poll(self) -> int | None:
        """Its exit status, the number of a signal as a negative one; None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """As `poll`, when it has ended.

        Raises:
            subprocess.TimeoutExpired: it took longer than so many seconds.
        """
        if self.returncode is None:
            self.returncode = int(self._next_line(timeout))
            self._talk.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it writes until it ends to its standard output and its standard error.

        Raises:
            subprocess.TimeoutExpired: it took longer than so many seconds.
        """
        with ThreadPoolExecutor(2) as readers:
            texts = [readers.submit(output.read) for output in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                # Whoever reads what it writes would wait for it.
                self.kill()
                raise
            written, said = (text.result() for text in texts)
        self.stdout.close()
        self.stderr.close()
        return written, said

    def send_signal(self, number: int) -> None:
        """Sends it a signal, unless it is known to have ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it with SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _next_line(self, timeout: float | None) -> str:
        while b"\n" not in self._said:
            ready, _, _ = select.select([self._talk], [], [], timeout)
            if not ready:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            more = self._talk.recv(64)
            assert more, "the server that forks has ended"
            self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return line.decode()


Started = Forked | subprocess.Popen[str]
"""A command that runs, forked or not."""


class ForkServer:
    """The process that forks, as the tests' process sees it; begun with the first command.

    Args:
        env: its environment.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = dict(env)

    def start(self, line: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Started:
        """Begins a command, its outputs captured; it waits when they hold 64 kB that nobody has read.

        It is forked if it is `python -m scrapy ...`, in an environment that Python starts with as in the server's.
        """
        if list(line[:3]) != _SCRAPY or _settled(env) != _settled(self._env):
            pipe = subprocess.PIPE
            return subprocess.Popen(line, cwd=cwd, env=env, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")
        ours, theirs = socket.socketpair()
        outputs, written = zip(os.pipe(), os.pipe(), strict=True)
        socket.send_fds(self._asked, [b"."], [theirs.fileno(), *written])
        theirs.close()
        for descriptor in written:
            os.close(descriptor)
        ours.sendall(json.dumps({"line": list(line), "cwd": str(cwd), "env": dict(env)}).encode() + b"\n")
        return Forked(line, ours, outputs)

    def run(
        self, line: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """As `start`, to its end.

        Raises:
            subprocess.TimeoutExpired: it took longer than so many seconds, and is killed.
        """
        started = self.start(line, cwd, env)
        try:
            written, said = started.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            started.kill()
            raise
        assert started.returncode is not None
        return subprocess.CompletedProcess(line, started.returncode, written, said)

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
    _read_sample_site()
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


def _read_sample_site() -> None:
    """Reads every article of it, so that no command has to compile the patterns that they are read with."""
    site = load_site()
    pages = Pages(site)
    for story in site.newest:
        article = files.read(pages.get(expected_record(story, site)["canonical_url"]).body, "page.html").article
        tag(article)
        words_of(article.headline, article.description, article.body)
        search_tokens.document(article)


if __name__ == "__main__":
    sys.orig_argv = _serve(socket.socket(fileno=int(sys.argv[1])))
    sys.argv = sys.orig_argv[2:]
    # As `-m` does, so that processes of the command's own begin as they would.
    runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
