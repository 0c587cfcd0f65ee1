"""Statements compiled once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import IntegrityError, OperationalError

from vovcrawl.store.prepared import Prepared

metadata = MetaData()
boats = Table(
    "boats",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),
    Column("afloat", Boolean, nullable=False, default=True),
    Column("crew", Integer, nullable=False, default=2),
)
BY_NAME = select(boats.c.name, boats.c.afloat).where(boats.c.name == bindparam("key"))
AMONG = select(boats.c.name).where(boats.c.name.in_(bindparam("names", expanding=True))).order_by(boats.c.number)


def sailing() -> Connection:
    connection = create_engine("sqlite://").connect()
    metadata.create_all(connection)
    connection.execute(insert(boats), [{"name": name, "afloat": name != "Lá"} for name in ("Lá", "Sóng", "Gió")])
    connection.commit()
    return connection


@pytest.fixture
def connection() -> Iterator[Connection]:
    made = sailing()
    yield made
    made.close()


def names(connection: Connection) -> list[str]:
    return list(connection.scalars(select(boats.c.name).order_by(boats.c.number)))


def test_rows_are_named_tuples(connection: Connection) -> None:
    (row,) = Prepared(connection, BY_NAME).rows({"key": "Sóng"})
    assert (row.name, row.afloat) == tuple(row) == ("Sóng", True)


def test_a_truth_value_goes_in_and_comes_out_as_one(connection: Connection) -> None:
    afloat = Prepared(connection, select(boats.c.afloat).where(boats.c.afloat == bindparam("wanted")))
    assert afloat.scalar({"wanted": False}) is False
    assert afloat.scalar({"wanted": True}) is True


def test_rows_may_be_read_column_by_column(connection: Connection) -> None:
    found = Prepared(connection, select(boats.c.name, boats.c.afloat).order_by(boats.c.number)).columns()
    assert [list(column) for column in found] == [["Lá", "Sóng", "Gió"], [False, True, True]]
    assert found[1][0] is False


def test_no_rows_have_no_columns(connection: Connection) -> None:
    assert Prepared(connection, BY_NAME).columns({"key": "Mây"}) == []


def test_a_first_row_that_is_not_there_is_none(connection: Connection) -> None:
    prepared = Prepared(connection, BY_NAME)
    assert prepared.first({"key": "Mây"}) is None
    assert prepared.scalar({"key": "Mây"}) is None
    assert prepared.rows({"key": "Mây"}) == []


def test_a_statement_without_parameters_runs_without_values(connection: Connection) -> None:
    assert Prepared(connection, select(func.count()).select_from(boats)).scalar() == 3


def test_what_stands_in_the_statement_itself_is_bound(connection: Connection) -> None:
    assert Prepared(connection, select(boats.c.name).where(boats.c.name == "Gió")).scalar() == "Gió"


def test_the_rows_of_a_union_have_names(connection: Connection) -> None:
    both = union_all(select(boats.c.name.label("called")), select(literal("Mây").label("called")))
    assert {row.called for row in Prepared(connection, both).rows()} == {"Lá", "Sóng", "Gió", "Mây"}


def test_plain_text_is_a_statement_too(connection: Connection) -> None:
    assert Prepared(connection, text("SELECT crew FROM boats WHERE name = :key")).rows({"key": "Lá"}) == [(2,)]


def test_a_row_that_is_inserted_has_its_defaults_and_gives_its_key(connection: Connection) -> None:
    assert Prepared(connection, insert(boats), ["name"]).insert({"name": "Mây"}) == 4
    row = connection.execute(select(boats).where(boats.c.number == 4)).one()
    assert tuple(row) == (4, "Mây", True, 2)


def test_a_default_gives_way_to_a_value(connection: Connection) -> None:
    Prepared(connection, insert(boats), ["name", "crew"]).insert({"name": "Mây", "crew": 5})
    assert connection.scalar(select(boats.c.crew).where(boats.c.name == "Mây")) == 5


def test_an_update_changes_the_named_columns_and_says_how_many_rows(connection: Connection) -> None:
    rename = Prepared(connection, update(boats).where(boats.c.name == bindparam("key")), ["name"])
    assert rename.run({"key": "Lá", "name": "Mây"}) == 1
    assert rename.run({"key": "Lá", "name": "Mưa"}) == 0
    assert names(connection) == ["Mây", "Sóng", "Gió"]


def test_many_rows_are_one_call(connection: Connection) -> None:
    assert Prepared(connection, insert(boats), ["name"]).run_many([{"name": "Mây"}, {"name": "Mưa"}]) == 2
    assert names(connection)[3:] == ["Mây", "Mưa"]


def test_no_rows_at_all_are_no_statement(connection: Connection) -> None:
    assert Prepared(connection, insert(boats), ["name"]).run_many([]) == 0
    assert not connection.in_transaction()


@given(st.lists(st.sampled_from(["Lá", "Sóng", "Gió", "Mây"]), max_size=20))
def test_a_list_finds_what_it_names(wanted: list[str]) -> None:
    with sailing() as connection:
        found = [row.name for row in Prepared(connection, AMONG).rows({"names": wanted})]
    assert found == [name for name in ("Lá", "Sóng", "Gió") if name in wanted]


@pytest.mark.parametrize("length", [0, 1, 2, 63, 64, 65, 399, 400])
def test_a_list_may_have_up_to_400_elements(connection: Connection, length: int) -> None:
    wanted = [*(str(number) for number in range(length - 1)), "Gió"][:length]
    assert [row.name for row in Prepared(connection, AMONG).rows({"names": wanted})] == ["Gió"][:length]


def test_a_longer_list_is_refused(connection: Connection) -> None:
    with pytest.raises(ValueError, match="401"):
        Prepared(connection, AMONG).rows({"names": ["Gió"] * 401})


def test_two_lists_stand_beside_other_values(connection: Connection) -> None:
    statement = AMONG.where(boats.c.number.in_(bindparam("numbers", expanding=True)), boats.c.crew == bindparam("crew"))
    prepared = Prepared(connection, statement)
    assert prepared.rows({"crew": 2, "numbers": [1, 2, 3], "names": ["Lá", "Gió"]}) == [("Lá",), ("Gió",)]
    assert prepared.rows({"crew": 3, "numbers": [1, 2, 3], "names": ["Lá", "Gió"]}) == []


def test_a_parameter_without_a_value_is_an_error(connection: Connection) -> None:
    with pytest.raises(KeyError):
        Prepared(connection, BY_NAME).rows({})


def test_it_begins_a_transaction_that_can_be_taken_back(connection: Connection) -> None:
    Prepared(connection, insert(boats), ["name"]).run({"name": "Mây"})
    assert connection.in_transaction()
    connection.rollback()
    assert names(connection) == ["Lá", "Sóng", "Gió"]


def test_it_begins_a_transaction_that_can_be_committed(connection: Connection) -> None:
    Prepared(connection, insert(boats), ["name"]).run({"name": "Mây"})
    connection.commit()
    connection.rollback()
    assert names(connection)[3:] == ["Mây"]


def test_it_shares_the_transaction_of_other_statements(connection: Connection) -> None:
    connection.execute(insert(boats).values(name="Mây"))
    Prepared(connection, delete(boats).where(boats.c.name == bindparam("key"))).run({"key": "Lá"})
    connection.rollback()
    assert names(connection) == ["Lá", "Sóng", "Gió"]


@pytest.mark.parametrize("many", [True, False])
def test_an_error_of_the_driver_is_raised_as_sqlalchemys(connection: Connection, many: bool) -> None:
    add = Prepared(connection, insert(boats), ["name"])
    with pytest.raises(IntegrityError, match="UNIQUE") as caught:
        if many:
            add.run_many([{"name": "Lá"}])
        else:
            add.run({"name": "Lá"})
    assert isinstance(caught.value.orig, sqlite3.IntegrityError)
    assert "INSERT INTO boats" in str(caught.value.statement)


def test_an_error_while_rows_are_read_is_raised_as_sqlalchemys(connection: Connection) -> None:
    # The first row is well, so that the driver meets the other one only while it reads on.
    bad = text("SELECT abs(n) FROM (SELECT 1 AS n UNION ALL SELECT -9223372036854775808)")
    with pytest.raises(OperationalError, match="overflow"):
        Prepared(connection, bad).rows()


def test_a_statement_that_the_database_does_not_know_is_sqlalchemys_error_too(connection: Connection) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        Prepared(connection, text("SELECT 1 FROM rafts")).rows()


class _Recorded:
    """A connection to PostgreSQL that only takes note of what it is given."""

    def __init__(self) -> None:
        self.dialect = psycopg.dialect()  # type: ignore[no-untyped-call]
        self.connection = self
        self.given: list[tuple[str, Any]] = []
        self.rowcount = 1

    def in_transaction(self) -> bool:
        return True

    def cursor(self) -> _Recorded:
        return self

    def execute(self, sql: str, values: Any) -> None:
        self.given.append((" ".join(sql.split()), values))

    def fetchone(self) -> tuple[int]:
        return (7,)

    def fetchall(self) -> list[tuple[str]]:
        return [("Lá",)]

    def close(self) -> None:
        pass


def test_postgresql_gets_its_parameters_by_name() -> None:
    recorded = _Recorded()
    Prepared(cast(Connection, recorded), AMONG).rows({"names": ["Lá", "Gió"]})
    ((sql, values),) = recorded.given
    assert "IN (%(names_1)s::VARCHAR, %(names_2)s::VARCHAR, %(names_3)s::VARCHAR, %(names_4)s::VARCHAR)" in sql
    assert [values[f"names_{place}"] for place in (1, 2, 3, 4)] == ["Lá", "Gió", "Gió", "Gió"]


def test_postgresql_gives_the_key_of_a_row_as_a_row() -> None:
    recorded = _Recorded()
    assert Prepared(cast(Connection, recorded), insert(boats), ["name"]).insert({"name": "Mây"}) == 7
    ((sql, values),) = recorded.given
    assert sql.endswith("RETURNING boats.number")
    assert values == {"name": "Mây", "afloat": True, "crew": 2}


def test_rows_may_be_read_one_by_one_while_others_are_written(connection: Connection) -> None:
    add = Prepared(connection, insert(boats), ["name"])
    add.run_many([{"name": str(number)} for number in range(600)])
    seen = 0
    for row in Prepared(connection, select(boats.c.name).where(boats.c.number <= 603)).stream():
        seen += 1
        if seen % 100 == 0:
            add.run({"name": f"{row.name} again"})
    assert seen == 603
    assert len(names(connection)) == 609
