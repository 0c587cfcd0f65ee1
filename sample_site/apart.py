"""A sample server in a process of its own, so that neither it nor a crawl beside it slows the other."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

from sample_site.server import SampleServer


class ServerApart:
    """A running server; whoever holds this asks it by the names of its methods."""

    def __init__(self, url: str, pipe: Connection) -> None:
        self.url = url
        self._pipe = pipe

    def call(self, method: str, *given: Any) -> Any:
        """What a method of the server returns.

        Raises:
            EOFError: the server's process has ended, as it does when a method fails.
        """
        self._pipe.send((method, given))
        return self._pipe.recv()


def _serve(make: Callable[..., SampleServer], given: tuple[Any, ...], pipe: Connection) -> None:
    with make(*given) as server:
        pipe.send(server.url)
        with suppress(EOFError):
            while True:
                method, values = pipe.recv()
                pipe.send(getattr(server, method)(*values))


@contextmanager
def served_apart(make: Callable[..., SampleServer], *given: Any) -> Iterator[ServerApart]:
    """The server that `make(*given)` makes, both to be had by import, until the context ends."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(make, given, there), daemon=True)
    process.start()
    there.close()
    try:
        yield ServerApart(here.recv(), here)
    finally:
        here.close()
        process.join(5)
        process.kill()
