"""Names in the stats of how far the files of an archive that hold many pages are read, in bytes."""

from __future__ import annotations

BYTES_TOTAL = "vov/archive/bytes/total"
"""How large those are together that the run has to read."""
BYTES_READ = "vov/archive/bytes/read"
"""How much of them is read, by earlier runs included."""
