"""A site that kills its visitor at an exact moment, responds late now and then, and has passing faults."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from random import Random

from sample_site import special_pages
from sample_site.misbehaviour import reset
from sample_site.pages import Page
from sample_site.server import RequestRecord, SampleServer
from sample_site.site import Site
from torture.faults import Fault, Faults

_LATE_SHARE = 0.1
_LATEST_S = 0.03
_SLOW_S = 0.5
_PATIENCE_S = 10.0
_LAST_CALL = "/last-call"


class Moment(StrEnum):
    """When a server kills its visitor."""

    ASKED = "as it has asked"
    HALF_ANSWERED = "within an answer"
    ANSWERED = "once it is answered"


@dataclass(frozen=True)
class Trap:
    """A visitor is to be killed around its `number`th request, counted from 1."""

    process: int
    number: int
    moment: Moment
    delay_s: float = 0.0
    """Time from the moment to the kill."""
    by_term: bool = False
    """Whether it gets SIGTERM, and may save its work."""


@dataclass(slots=True)
class Asked:
    """A request, and what became of it."""

    path: str
    fault: Fault | None = None
    answered: bool = False
    """Whether the whole response was handed to the system."""


def kill(process: int, *, by_term: bool = False) -> None:
    """Ends a process at once, by SIGKILL or by SIGTERM, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGTERM if by_term else signal.SIGKILL)


class HostileServer(SampleServer):
    """The site; what it does to whom is said between visits.

    Args:
        site: what is served.
        seed: of late responses and faults.
    """

    def __init__(self, site: Site, seed: int) -> None:
        super().__init__(site)
        self._seed = seed
        self._faults = Faults(0.0, seed)
        self._asked: list[Asked] = []
        self._trap: Trap | None = None
        self._asking = threading.Lock()
        self._current = threading.local()

    def fault(self, share: float) -> None:
        """From now on this share of the requests meets a fault."""
        self._faults = Faults(share, self._seed)

    def begin(self, trap: Trap | None = None) -> None:
        """Forgets the visit before; the next one may be a trap."""
        with self._asking:
            self._asked = []
            self._trap = trap

    def end(self) -> list[Asked]:
        """What the visitor asked for, once nothing of a visitor that has ended is on its way any more."""
        with self._asking:
            self._trap = None
        host, port = self.url.removeprefix("http://").split(":")
        # Connections are taken in order: after this one none of the visitor's waits.
        last = HTTPConnection(host, int(port), timeout=_PATIENCE_S)
        last.request("GET", _LAST_CALL, headers={"Connection": "close"})
        last.getresponse().read()
        last.close()
        until = time.monotonic() + _PATIENCE_S
        while self._server is not None and self._server.connections:
            if time.monotonic() > until:
                raise TimeoutError("a connection of the visitor stays open")
            time.sleep(0.001)
        return self._asked

    def respond(self, record: RequestRecord) -> Page:
        """The response to a request, by which the visitor may be killed."""
        if record.path == _LAST_CALL:
            self._current.visit = None
            return Page(b"")
        with self._asking:
            asked = Asked(record.path, self._faults.next(record.path))
            self._asked.append(asked)
            number, trap = len(self._asked), self._trap
        if trap is not None and trap.number != number:
            trap = None
        self._current.visit = asked, trap
        self._spring(trap, Moment.ASKED)
        random = Random(f"{self._seed} {record.path}")
        if random.random() < _LATE_SHARE:
            time.sleep(random.uniform(0, _LATEST_S))
        return self._faulty(asked.fault) or super().respond(record)

    def _faulty(self, fault: Fault | None) -> Page | None:
        match fault:
            case Fault.ERROR:
                return Page(b"<html><body><h1>500</h1></body></html>\n", status=500)
            case Fault.BAD_GATEWAY:
                return Page(b"<html><body><h1>502 Bad Gateway</h1></body></html>\n", status=502)
            case Fault.BUSY:
                return Page(b"", status=503, headers=(("Retry-After", "0"),))
            case Fault.BUSY_FOR_A_SECOND:
                return Page(b"", status=503, headers=(("Retry-After", "1"),))
            case Fault.SHELL:
                return self.pages.get(special_pages.EMPTY_SHELL_ADDRESS)
            case Fault.BLOCKED:
                return self.pages.get(special_pages.BLOCK_PAGE_ADDRESS)
            case Fault.SLOW:
                time.sleep(_SLOW_S)
        return None

    def transmit(self, body: bytes, client: BaseHTTPRequestHandler) -> None:
        """Sends a response, by which the visitor may be killed."""
        if self._current.visit is None:
            super().transmit(body, client)
            return
        asked, trap = self._current.visit
        half = len(body) // 2
        if asked.fault is Fault.RESET:
            client.close_connection = True
            reset(client.connection, Page(b""))
        else:
            client.wfile.write(body[:half])
            client.wfile.flush()
        self._spring(trap, Moment.HALF_ANSWERED)
        if asked.fault is Fault.TRUNCATED:
            client.close_connection = True
        elif asked.fault is not Fault.RESET:
            super().transmit(body[half:], client)
            asked.answered = True
        self._spring(trap, Moment.ANSWERED)

    @staticmethod
    def _spring(trap: Trap | None, moment: Moment) -> None:
        if trap is None or trap.moment is not moment:
            return
        if trap.delay_s:
            # Not here: the next request may come over the same connection meanwhile.
            threading.Timer(trap.delay_s, kill, (trap.process,), {"by_term": trap.by_term}).start()
        else:
            kill(trap.process, by_term=trap.by_term)
