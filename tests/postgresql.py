"""A PostgreSQL of the tests' own, over loopback, and stores in it.

A store is a schema of one database, whose url names it by `search_path`, as a user's may; or it is a database.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy.engine import URL, make_url

from vovcrawl.store import open_database

_VERSIONS = Path("/usr/lib/postgresql")
_USER = "postgres"
_DATABASE = "tests"
MADE = "made"
"""A database that is a new store."""

_SHARED = "VOVCRAWL_TEST_POSTGRESQL"
"""Variable that names the port of the server that other processes have started."""

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    # A machine that loses its power loses the tests as well.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "logging_collector": "off",
}


class Reached:
    """A server that somebody has started.

    Args:
        port: of 127.0.0.1, where it answers.
    """

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, schema: str | None = None) -> str:
        """The url of a store in a schema, or of the database."""
        query = {"options": f"-csearch_path={schema}"} if schema is not None else {}
        return self.url_of(_DATABASE, query)

    def run(self, statement: str, database: str = _DATABASE, **values: object) -> list[tuple[Any, ...]]:
        """What the server answers to a statement, which has no transaction of its own."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=_USER, dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description is not None else []

    def new_store(self, schema: str | None = None) -> str:
        """The url of a store that is not made yet."""
        schema = schema or f"store_{token_hex(6)}"
        self.run(f"CREATE SCHEMA {schema}")
        return self.url(schema)

    def drop_store(self, url: str) -> None:
        """Removes a store, whoever is connected to it."""
        schema = schema_of(url)
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_class ON pg_class.oid = pg_locks.relation "
            "WHERE relnamespace = to_regnamespace(%(schema)s) AND pid <> pg_backend_pid()",
            schema=schema,
        )
        self.run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")

    def new_database(self, template: str | None = None) -> str:
        """The url of a new database, empty or a copy of another one, to which nothing may be connected."""
        name = f"store_{token_hex(6)}"
        # Copying files is faster than writing each page to the log, since its checkpoint is free without `fsync`.
        self.run(f"CREATE DATABASE {name} TEMPLATE {template or 'template1'} STRATEGY file_copy")
        return self.url_of(name)

    def drop_database(self, url: str) -> None:
        """Removes a database, whoever is connected to it."""
        self.run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def url_of(self, database: str, query: Mapping[str, str] | None = None) -> str:
        """The url of a database."""
        url = URL.create("postgresql+psycopg", _USER, None, "127.0.0.1", self.port, database, query or {})
        return url.render_as_string(hide_password=False)


class Server(Reached):
    """A server that runs until it is stopped.

    Args:
        programs: the folder of `initdb` and `pg_ctl`.
        settings: of the server, beside those of every test.
    """

    def __init__(self, programs: Path, **settings: str) -> None:
        super().__init__(_free_port())
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="vovcrawl-postgresql-"))
        self.data = self.folder / "data"
        self._settings = {**_SETTINGS, **settings}
        # PostgreSQL refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam(_USER)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        # A server may order text as a language does, which is not the order of SQLite: a store must not depend on it.
        locale = ["--locale-provider=icu", "--icu-locale=vi"]
        self._run("initdb", "-D", str(self.data), "-U", _USER, "--auth=trust", "-E", "UTF8", "--no-sync", *locale)
        self.start()
        self.run(f"CREATE DATABASE {_DATABASE}", database="postgres")

    def start(self) -> None:
        """Starts it; it answers then."""
        options = " ".join(f"-c {name}={value}" for name, value in {**self._settings, "port": str(self.port)}.items())
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", f"-k {self.folder} {options}", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stops it: `fast` ends every connection, `immediate` is as a crash."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def remove(self) -> None:
        """Stops it and removes all that it has."""
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *given: str) -> None:
        # A server keeps what it is started with: a pipe would never end.
        with tempfile.TemporaryFile() as said:
            ended = subprocess.run(
                [str(self._programs / program), *given],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                **self._as,
            )
            said.seek(0)
            assert ended.returncode == 0, said.read().decode(errors="replace")


def schema_of(url: str) -> str:
    """The schema of a store."""
    options = make_url(url).query["options"]
    assert isinstance(options, str)
    return options.removeprefix("-csearch_path=")


def programs() -> Path | None:
    """The folder of the newest server's programs; None where there is no server on this machine."""
    found = sorted(_VERSIONS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    beside = shutil.which("initdb")
    return Path(beside).resolve().parent if beside is not None else None


def need_server() -> Path:
    """As `programs`; a test without a server is skipped."""
    pytest.importorskip("psycopg", reason="needs psycopg, PostgreSQL's driver")
    found = programs()
    if found is None:
        pytest.skip("needs a PostgreSQL server: apt-get install postgresql")
    return found


@cache
def server() -> Reached:
    """The server that the tests share, of this process or of all, started by the first one."""
    port = os.environ.get(_SHARED)
    if port is not None:
        return Reached(int(port))
    made = Server(need_server())
    atexit.register(made.remove)
    return made


def share_server() -> None:
    """Has all processes that this one starts from now on share its server, and the copies that it makes of a store."""
    here = server()
    here.run(f"CREATE DATABASE {MADE}")
    open_database(here.url_of(MADE)).close()
    os.environ[_SHARED] = str(here.port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
