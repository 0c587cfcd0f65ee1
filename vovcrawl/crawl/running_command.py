"""Exit statuses under Scrapy's own `crawl` and `runspider`, in a project that has not taken this one's commands over.

Scrapy gives a spider no way to say how its process is to end; the command that runs it is on the stack all the while.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from scrapy.commands import ScrapyCommand

from vovcrawl.crawl.refusal_log import log_refusal


def running_command() -> ScrapyCommand | None:
    """The command of Scrapy that is running; None in a program of the user's own."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        command = frame.f_locals.get("self")
        if isinstance(command, ScrapyCommand):
            return command
    return None


def leave(command: ScrapyCommand, status: int, line: str) -> NoReturn:
    """Ends the process before its crawl begins, with one line that says why."""
    if command.settings is not None:
        log_refusal(command.settings, status, line)
    print(f"scrapy {type(command).__module__.rpartition('.')[2]}: {line}", file=sys.stderr)
    sys.exit(status)
