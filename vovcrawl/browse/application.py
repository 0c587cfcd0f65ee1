"""The server: our pages, and below them the tables as Datasette serves them, of one store, read-only.

Whoever can reach the port may read the store, and nobody may write. A page of another site that the browser has open
gets nothing: a request is answered only under the name by which the page was opened, so that a name of theirs which
leads to this machine is of no use, and no answer may be read from elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database as Tables
from datasette.plugins import pm
from datasette.utils.asgi import Request, Response
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.browse.fresh_tables import FreshTables
from vovcrawl.browse.pages import Answer, Asking, Page, Pages
from vovcrawl.store import Database, StoreError, read_database
from vovcrawl.store.database import connect_to_read, explain, file_of
from vovcrawl.store.table_copy import TABLES, CopyFailed, TableCopy, cache_folder
from vovcrawl.text import shown

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_READERS = 4
"""Pages that are read from the store at a time."""

_TABLES = "vov"
"""What the database is called in the urls of its tables."""

_ROUTES: tuple[tuple[str, Page], ...] = (
    (r"^/$", Pages.front),
    (r"^/search/?$", Pages.search),
    (r"^/article/?$", Pages.article),
    (r"^/day/(?P<part>[^/]*)/?$", Pages.day),
    (r"^/author/(?P<part>.+?)/?$", Pages.author),
    (r"^/tag/(?P<part>.+?)/?$", Pages.tag),
    (r"^/coverage/?$", Pages.coverage),
    (r"^/browse\.css$", Pages.stylesheet),
)

_SETTINGS = {
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 3000,
    # All of it has its page in `scrapy export`.
    "allow_download": False,
    "suggest_facets": False,
    "default_cache_ttl": 0,
}

_PRINTS_ERRORS = "datasette.handle_exception"
"""The plugin of Datasette's own that prints each error to the terminal, with whatever the program knows."""

_NOT_FOUND = 404
_MOST_PARAMETERS = 50

_OF_PAGES = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
        b"frame-ancestors 'none'",
    ),
)
_OF_TABLES = (
    # Datasette's own pages have scripts and styles within them.
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' "
        b"'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        b"frame-ancestors 'none'",
    ),
)
_OF_ALL = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class _ReadOnlyTables(Tables):  # type: ignore[misc]
    """The store's file, opened as every reader of the project opens it."""

    def connect(self, write: bool = False) -> Any:
        """A connection of a thread, by which nothing is written."""
        connection = connect_to_read(Path(self.path))
        self._all_file_connections.append(connection)
        return connection


class Browser:
    """Serves one store.

    Args:
        target: an absolute path, or a database URL.
        names: the values of the header `Host` that are answered; empty for all.
    """

    def __init__(self, target: str, names: frozenset[str] = frozenset()) -> None:
        self._target = target
        self._names = names
        self._of_thread = threading.local()
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="reader")
        self._path = file_of(target)
        self.tables = _copied(target) if self._path is None else None
        path = self._path if self.tables is None else self.tables.copy.path
        self._pages = Pages(f"/{_TABLES}" if path is not None else "")
        self.datasette = Datasette([], memory=path is None, settings=_SETTINGS, metadata=_METADATA)
        if path is not None:
            self.datasette.add_database(_ReadOnlyTables(self.datasette, str(path)), name=_TABLES)
        self._plugin = _Plugin(self)

    async def app(self) -> Asgi:
        """The application, by which Datasette's pages are found where ours are not."""
        pm.register(self._plugin, f"vovcrawl-{id(self)}")
        if pm.has_plugin(_PRINTS_ERRORS):
            pm.unregister(name=_PRINTS_ERRORS)
        await self.datasette.invoke_startup()
        inner: Asgi = self.datasette.app()
        if self.tables is not None:
            self.tables.begin()
        # What the front page counts takes a second where there are many articles.
        await asyncio.get_running_loop().run_in_executor(self._readers, self._read, Pages.front, Asking("/"))

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            await self._guarded(inner, scope, receive, send)

        return guarded

    async def _guarded(self, inner: Asgi, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what is asked under the server's own name, and only for reading."""
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        headers = dict(scope.get("headers") or [])
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if self._names and host not in self._names:
            await _refuse(
                send, 403, "This page is served under another name: open the address that scrapy browse names."
            )
        elif scope["method"] not in ("GET", "HEAD"):
            await _refuse(send, 405, "The store is only read here.")
        elif (
            self.tables is not None and scope["path"].startswith(f"/{_TABLES}") and (why := await self.tables.why_not())
        ):
            await _refuse(send, 503, shown(why))
        else:
            await inner(scope, receive, partial(_with_headers, send))

    async def _why_no_tables(self, path: str) -> str | None:
        """The line that is answered where tables are asked for that cannot be shown yet."""
        if self.tables is None or not path.startswith(f"/{_TABLES}"):
            return None
        return await self.tables.why_not()

    async def answer(self, page: Page, request: Request) -> Response:
        """What a page shows."""
        loop = asyncio.get_running_loop()
        return _response(await loop.run_in_executor(self._readers, self._read, page, _asking(request)))

    def wrong(self, request: Request, exception: Exception, status: int) -> Response:
        """The page that says what is wrong."""
        asking = _asking(request)
        if status == _NOT_FOUND:
            return _response(self._pages.missing(asking))
        return _response(self._pages.failed(asking, str(exception), status))

    def close(self) -> None:
        """Has Datasette forget the pages, and ends the readers."""
        if pm.is_registered(self._plugin):
            pm.unregister(self._plugin)
        if self.tables is not None:
            self.tables.close()
        self._readers.shutdown()

    def _read(self, page: Page, asking: Asking) -> Answer:
        try:
            connection = self._connection()
            try:
                return page(self._pages, connection, asking)
            finally:
                connection.rollback()
        except (SQLAlchemyError, StoreError) as error:
            self._let_go()
            return self._pages.failed(asking, explain(error) if isinstance(error, SQLAlchemyError) else str(error))

    def _connection(self) -> Connection:
        """The connection of this thread, whose view of the store is of one moment."""
        here = self._identity()
        database: Database | None = getattr(self._of_thread, "database", None)
        if database is not None and self._of_thread.identity != here:
            # Another store stands there by now, as after a backup was restored.
            self._let_go()
            database = None
        if database is None:
            database = self._of_thread.database = read_database(self._target)
            self._of_thread.identity = here
        database.hold_view()
        return database.connection

    def _identity(self) -> tuple[int, int] | None:
        """By what the store's file is known again; None where there is no file."""
        try:
            found = self._path.stat() if self._path is not None else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found is not None else None

    def _let_go(self) -> None:
        database: Database | None = getattr(self._of_thread, "database", None)
        if database is not None:
            self._of_thread.database = None
            database.close()


def _copied(target: str) -> FreshTables | None:
    """The tables of a store on a server, as Datasette can serve them; None where there is no place for them."""
    try:
        return FreshTables(TableCopy(target, cache_folder()))
    except CopyFailed as error:
        logger.warning("%s; so the tables are not served", shown(str(error)))
        return None


class _Plugin:
    """What Datasette is told: our pages come before its own."""

    __name__ = "vovcrawl"

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    @hookimpl
    def register_routes(self, datasette: Datasette) -> list[tuple[str, Any]]:
        """Our pages by the patterns of their paths."""

        def answering(page: Page) -> Any:
            async def view(request: Request) -> Response:
                return await self._browser.answer(page, request)

            return view

        return [(pattern, answering(page)) for pattern, page in _ROUTES] if self._is_of(datasette) else []

    @hookimpl
    def get_metadata(self, datasette: Datasette) -> dict[str, Any]:
        """How old the tables are, where they are a copy."""
        tables = self._browser.tables if self._is_of(datasette) else None
        if tables is None or tables.copy.fresh_at is None:
            return {}
        said = {"description": f"A copy of the store as it was at {tables.copy.fresh_at:%Y-%m-%d %H:%M:%S} UTC."}
        return {"databases": {_TABLES: {**said, "tables": dict.fromkeys(TABLES, said)}}}

    @hookimpl
    def handle_exception(self, datasette: Datasette, request: Request, exception: Exception) -> Response | None:
        """What is answered where something is wrong: Datasette would print all that it knows to the terminal."""
        if not self._is_of(datasette):
            return None
        status = getattr(exception, "status", 500)
        if status == 500:
            logger.error("%s failed: %s: %s", shown(request.path), type(exception).__name__, shown(str(exception)))
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": str(exception), "status": status}, status=status)
        return self._browser.wrong(request, exception, status)

    def _is_of(self, datasette: Datasette) -> bool:
        return datasette is self._browser.datasette


def _asking(request: Request) -> Asking:
    try:
        parameters = parse_qsl(request.query_string, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        parameters = []
    language = request.headers.get("accept-language", "")
    return Asking(request.path, parameters, language, unquote(request.url_vars.get("part") or ""))


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), answer.content_type)


def names_of(host: str, port: int) -> frozenset[str]:
    """The values of the header `Host` under which a server on an address may be asked; empty where that cannot be told.

    Args:
        host: what it listens on, a name or an address.
        port: on which port.
    """
    try:
        is_loopback = ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    if not is_loopback:
        return frozenset()
    written = f"[{host}]" if ":" in host else host
    return frozenset(f"{name}:{port}" for name in (written, "localhost", "127.0.0.1"))


async def _with_headers(send: Send, message: MutableMapping[str, Any]) -> None:
    if message["type"] == "http.response.start":
        given = list(message.get("headers", []))
        own = {name.lower(): value for name, value in given}
        is_ours = own.get(b"vary", b"").lower().startswith(b"accept-language") or own.get(
            b"content-type", b""
        ).startswith((b"text/css", b"text/csv"))
        message = {**message, "headers": [*given, *_OF_ALL, *(_OF_PAGES if is_ours else _OF_TABLES)]}
    await send(message)


async def _refuse(send: Send, status: int, line: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_OF_ALL]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{line}\n".encode()})


_METADATA = {"title": "vovcrawl"}
