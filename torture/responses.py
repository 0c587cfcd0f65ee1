"""The responses that a killed crawl has kept, as warcio reads them."""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

_CHUNK = 1024 * 1024


@dataclass
class Responses:
    """What stands in the WARC files of a folder."""

    files: int = 0
    answered: set[str] = field(default_factory=set)
    """Urls with a response."""
    ids: Counter[str] = field(default_factory=Counter)
    """How often each record's id is there."""
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each run has a request for a url."""
    problems: list[str] = field(default_factory=list)
    """Files that cannot be read to their end, records with a wrong digest, and files that are none of WARC."""

    @classmethod
    def in_folder(cls, folder: Path) -> Responses:
        """What a folder holds."""
        found = cls()
        for path in sorted(folder.iterdir()):
            if path.name.endswith(".warc.gz"):
                found._read(path)
            else:
                found.problems.append(path.name)
        return found

    def _read(self, path: Path) -> None:
        self.files += 1
        run = path.name.rpartition("-")[0]
        try:
            with path.open("rb") as file:
                for record in ArchiveIterator(file, check_digests=True):
                    record.raw_stream.read()
                    url = record.rec_headers.get_header("WARC-Target-URI")
                    self.ids[record.rec_headers.get_header("WARC-Record-ID")] += 1
                    self.answered.update([url] if record.rec_type == "response" else [])
                    self.asked.update([(run, url)] if record.rec_type == "request" else [])
                    self.problems += [f"{path.name}: {problem}" for problem in record.digest_checker.problems]
            # For a record that breaks off warcio has no word.
            with gzip.open(path) as packed:
                while packed.read(_CHUNK):
                    pass
        except (ArchiveLoadFailed, EOFError, OSError) as error:
            self.problems.append(f"{path.name}: {error}")
