"""Writes a feed in JSON Lines, or the articles of a store, as Parquet with pandas.

Run as `python run_pandas_parquet.py SOURCE TARGET` in an environment that has pandas and pyarrow. Of a store in SQLite
only the table of articles is taken, without the lists that belong to them.
"""

from __future__ import annotations

import sqlite3
import sys

import pandas


def main() -> None:
    """Reads and writes."""
    source, target = sys.argv[1:]
    if source.endswith(".jsonl"):
        frame = pandas.read_json(source, lines=True)
        # Parquet has no column of objects without fields.
        frame = frame.drop(columns="extra")
    else:
        frame = pandas.read_sql("SELECT * FROM articles", sqlite3.connect(source))
    frame.to_parquet(target, compression="zstd")


if __name__ == "__main__":
    main()
