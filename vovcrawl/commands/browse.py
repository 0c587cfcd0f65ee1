"""`scrapy browse`: the store as a web page on this machine."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import threading
import webbrowser
from contextlib import suppress

from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError, quoted, whole_number
from vovcrawl.project_command import StoreCommand
from vovcrawl.store import StoreError, read_database

_HOST = "127.0.0.1"
_PORT = 8001
_LAST_PORT = 65_535


class Command(StoreCommand):
    """Serves the store until it is stopped."""

    _port: int

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--host HOST] [--port PORT] [--no-open] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Look at the store in a browser"

    def long_desc(self) -> str:
        """What `scrapy browse -h` shows."""
        return (
            "Show the store as a web page on this machine: search, articles with their revisions, what was said of a "
            "day, authors, tags, coverage, and the tables themselves. It only reads, and may run while a crawl does. "
            "Ctrl-C ends it."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Where to listen, and whether to open a browser."""
        super().add_options(parser)
        parser.add_argument("--host", default=_HOST, help=f"the address to listen on (default: {_HOST}, this machine)")
        parser.add_argument(
            "--port", default="", help=f"the port to listen on, 0 for any (default: {_PORT}, or any where it is taken)"
        )
        parser.add_argument("--no-open", action="store_true", help="open no browser")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the port."""
        try:
            self._port = whole_number("port", opts.port, least=0) if opts.port else _PORT
        except ArgumentError as error:
            raise ArgumentError(str(error).replace("-a port", "--port")) from None
        if self._port > _LAST_PORT:
            raise ArgumentError(f"--port: {quoted(opts.port)} is no port; the last one is {_LAST_PORT}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serves."""
        try:
            import uvicorn

            from vovcrawl.browse.application import Browser, names_of
        except ImportError as error:
            self.leave(
                ExitStatus.WRONG_ARGUMENTS, f"it needs the Python package {error.name}: pip install 'vovcrawl[browse]'"
            )
        target = self._configuration.database
        try:
            read_database(target).close()
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))
        listening = self._listen(opts.host, is_given=bool(opts.port))
        port = listening.getsockname()[1]
        shown_host = f"[{opts.host}]" if ":" in opts.host else opts.host
        address = f"http://{shown_host}:{port}/"
        names = names_of(opts.host, port)
        if not names:
            self.say(f"whoever reaches {opts.host} on port {port} may read the store")
        browser = Browser(target, names)

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                announce()

        def announce() -> None:
            print(f"{address}  (Ctrl-C ends it)", flush=True)
            if not opts.no_open:
                # A browser that takes its time is to keep nobody waiting.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        async def serve() -> None:
            app = await browser.app()
            config = uvicorn.Config(app, log_level="error", lifespan="off", server_header=False)
            await Server(config).serve(sockets=[listening])

        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with suppress(KeyboardInterrupt):
                asyncio.run(serve())
        finally:
            browser.close()

    def _listen(self, host: str, *, is_given: bool) -> socket.socket:
        """A socket that listens; where the usual port is taken and none was given, on any other."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        why = ""
        for port in (self._port,) if is_given else (self._port, 0):
            listening = socket.socket(family, socket.SOCK_STREAM)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind((host, port))
                return listening
            except (OSError, UnicodeError) as error:
                listening.close()
                why = getattr(error, "strerror", None) or str(error)
        return self.wrong(f"cannot listen on {host}, port {self._port}: {why}")
