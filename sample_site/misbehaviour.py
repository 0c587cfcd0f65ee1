"""What servers and networks do to a connection instead of responding: for `SampleServer.answer`.

site.answer("/xa-hoi", lambda request: reset)
"""

from __future__ import annotations

import gzip
import os
import select
import socket
import struct

from sample_site.pages import Page

_PAUSE = 0.2
"""Seconds between two bytes of a drip."""


def reset(connection: socket.socket, page: Page) -> None:
    """Breaks the connection off, so that the client sees an error (RST)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # At once, whoever else still holds the socket.
    os.close(connection.detach())


def hang_up(connection: socket.socket, page: Page) -> None:
    """Closes the connection without a byte."""


def stall(connection: socket.socket, page: Page) -> None:
    """Says nothing until the client leaves."""
    connection.recv(1)


def drip(connection: socket.socket, page: Page) -> None:
    """Sends the page a byte now and then, until the client leaves."""
    connection.sendall(_head(page, len(page.body)))
    for place in range(len(page.body)):
        if select.select([connection], [], [], _PAUSE)[0]:
            return
        connection.sendall(page.body[place : place + 1])


def cut_short(connection: socket.socket, page: Page) -> None:
    """Announces the whole page and sends half of it."""
    connection.sendall(_head(page, len(page.body)) + _half(page.body))


def cut_chunks(connection: socket.socket, page: Page) -> None:
    """Sends half of the page in a chunk, and no last chunk."""
    sent = _half(page.body)
    connection.sendall(_head(page, None, "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (len(sent), sent))


def cut_packed(connection: socket.socket, page: Page) -> None:
    """Sends half of the packed page, and announces no more than that half."""
    sent = _half(gzip.compress(page.body))
    connection.sendall(_head(page, len(sent), "Content-Encoding: gzip") + sent)


def cut_unannounced(connection: socket.socket, page: Page) -> None:
    """Says nothing of a length, and closes the connection after half of the page."""
    connection.sendall(_head(page, None) + _half(page.body))


def whole_unannounced(connection: socket.socket, page: Page) -> None:
    """Says nothing of a length, as servers of HTTP/1.0 do, and closes the connection after the whole page."""
    connection.sendall(_head(page, None) + page.body)


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _head(page: Page, length: int | None, *further: str) -> bytes:
    announced = (f"Content-Length: {length}",) if length is not None else ()
    lines = ("HTTP/1.1 200 OK", f"Content-Type: {page.content_type}", "Connection: close", *announced, *further)
    return "\r\n".join((*lines, "", "")).encode()
