"""Serves the sample site on loopback and keeps a record of what was asked."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlsplit

from sample_site.pages import HTML, Page, Pages
from sample_site.site import HOSTS, SERVICE_HOST, Site, load_site

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
WRONG_HOST_TEXT = "wrong host"
_KEPT_HEADERS = tuple(
    "user-agent accept if-none-match if-modified-since referer cookie authorization proxy-authorization".split()
)


@dataclass
class RequestRecord:
    """One request and the status it was answered with."""

    method: str
    host: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    at: float = field(default_factory=time.monotonic)
    """When it arrived, by the monotonic clock."""

    @property
    def user_agent(self) -> str:
        """The name that the client gave itself."""
        return self.headers.get("user-agent", "")

    @property
    def if_none_match(self) -> str | None:
        """The mark of the copy that the client already holds."""
        return self.headers.get("if-none-match")


@dataclass(frozen=True)
class Answer:
    """What to answer instead of the site's own page."""

    status: int = 200
    body: bytes | str = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Misdeed = Callable[[socket.socket, Page], None]
"""What to do with a connection instead of answering as a server should; it is given the page that is due."""

Reply = Callable[[RequestRecord], Answer | Misdeed | None]


@dataclass(frozen=True)
class _Misdone(Page):
    """A page that is due, and what is done instead of sending it."""

    misdeed: Misdeed = lambda connection, page: None


@dataclass
class _Override:
    reply: Reply
    left: int | None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], owner: SampleServer) -> None:
        self.owner = owner
        self.connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the owner keeps its own record."""

    def _answer(self, *, with_body: bool) -> None:
        owner = cast("_Server", self.server).owner
        headers = {name: self.headers[name] for name in _KEPT_HEADERS if name in self.headers}
        host = (self.headers.get("Host") or "").lower()
        record = RequestRecord(self.command, host, self.path, headers)
        page = owner.respond(record)
        if isinstance(page, _Misdone):
            owner.requests.append(record)
            self.close_connection = True
            page.misdeed(self.connection, page)
            return
        if page.status == 200 and self._is_fresh(page, headers):
            page = Page(b"", page.content_type, 304, page.modified, etag=page.etag)
        record.status = page.status
        owner.requests.append(record)
        self.send_response(page.status, responses.get(page.status, ""))
        sent = {name.lower() for name, _ in page.headers}
        for name, value in page.headers:
            self.send_header(name, value)
        if "content-type" not in sent and page.status != 304:
            self.send_header("Content-Type", page.content_type)
        if page.status in (200, 304) and page.etag and "etag" not in sent:
            self.send_header("ETag", page.etag)
        if page.modified is not None:
            self.send_header("Last-Modified", format_datetime(page.modified.astimezone(UTC), usegmt=True))
        if page.status != 304 and sent.isdisjoint(("content-length", "transfer-encoding")):
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        owner.transmit(page.body if with_body and page.status != 304 else b"", self)

    @staticmethod
    def _is_fresh(page: Page, headers: Mapping[str, str]) -> bool:
        if "if-none-match" in headers:
            # Marks are compared without regard to their weakness, which proxies that compress add.
            marks = {mark.strip().removeprefix("W/") for mark in headers["if-none-match"].split(",")}
            return bool(page.etag) and (page.etag in marks or "*" in marks)
        if "if-modified-since" in headers and page.modified is not None:
            try:
                since = parsedate_to_datetime(headers["if-modified-since"])
            except ValueError:
                return False
            if since.tzinfo is None:
                since = since.replace(tzinfo=UTC)
            return page.modified.replace(microsecond=0) <= since
        return False


class SampleServer:
    """The sample site on a real socket; use it as a context manager.

    `url` is where requests are sent to. The `Host` header says which host is meant: the newspaper's
    own three get the site, so does the bare loopback address; its tag service answers too, any other host gets a page
    that says so.
    """

    def __init__(self, site: Site | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        self.site = site or load_site()
        self.pages = Pages(self.site)
        self.requests: list[RequestRecord] = []
        self._host = host
        self._port = port
        self._overrides: dict[str, _Override] = {}
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The url of the server, without a slash at the end."""
        return f"http://{self._host}:{self._port}"

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.down()

    def up(self) -> None:
        """Start to answer, after `down` at the same port as before."""
        if self._server is not None:
            return
        self._server = _Server((self._host, self._port), self)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def use_tls(self, context: ssl.SSLContext) -> None:
        """Answer by HTTPS from now on."""
        if self._server is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def down(self) -> None:
        """Refuse connections from now on and cut those that are open."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        for connection in list(self._server.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server = self._thread = None

    def wait(self) -> None:
        """Keep serving until the thread ends or the program is interrupted."""
        if self._thread is not None:
            self._thread.join()

    def answer(
        self,
        path: str,
        reply: Reply | None = None,
        *,
        status: int = 200,
        body: bytes | str = b"",
        headers: Mapping[str, str] | None = None,
        times: int | None = None,
    ) -> None:
        """Answer something else at a path (with its query, or for every query where it has none), on every host unless
        the path has one before it: `vov-api.vov.vn/robots.txt`.

        `reply` may decide by itself, do something to the connection (see `sample_site.misbehaviour`), and leave it to
        the site by returning nothing; `times` limits the override to that many requests.
        """
        fixed = Answer(status, body, dict(headers or {}))
        with self._lock:
            self._overrides[path] = _Override(reply or (lambda record: fixed), times)

    def reset(self) -> None:
        """Forget all overrides and all requests."""
        with self._lock:
            self._overrides.clear()
            self.requests.clear()

    def respond(self, record: RequestRecord) -> Page:
        """The response to a request."""
        changed = self._overridden(record)
        if callable(changed):
            due = self.pages.get(record.path)
            return _Misdone(due.body, due.content_type, misdeed=changed)
        if changed is not None:
            body = changed.body.encode() if isinstance(changed.body, str) else changed.body
            return Page(body, HTML, changed.status, headers=tuple(changed.headers.items()))
        name = urlsplit("//" + record.host).hostname or ""
        if name == SERVICE_HOST:
            return self.pages.get_of_service(record.path)
        if name not in HOSTS and name not in LOCAL_HOSTS:
            return Page(f"<html><body><h1>{WRONG_HOST_TEXT}: {name}</h1></body></html>\n".encode())
        return self.pages.get(record.path)

    def transmit(self, body: bytes, client: BaseHTTPRequestHandler) -> None:
        """Sends the body of a response after its head, which `client.wfile` holds already."""
        client.wfile.write(body)
        client.wfile.flush()

    def _overridden(self, record: RequestRecord) -> Answer | Misdeed | None:
        with self._lock:
            paths = (record.path, record.path.partition("?")[0])
            named = (self._overrides.get(before + path) for before in (record.host, "") for path in paths)
            override = next((found for found in named if found is not None), None)
            if override is None or override.left == 0:
                return None
            if override.left is not None:
                override.left -= 1
        return override.reply(record)
