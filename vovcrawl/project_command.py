"""What the project's own commands have in common: a mistake is one line and an exit status, before anything is done."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES

from vovcrawl import urls
from vovcrawl.crawl import arguments, configuration
from vovcrawl.crawl.arguments import Arguments
from vovcrawl.crawl.configuration import Configuration
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.crawl.window import Window
from vovcrawl.masking import masked
from vovcrawl.store.place import restrict_umask
from vovcrawl.text import encodable, shown

SITE = f"{urls.SITE}/"
"""What urls of section listings begin with."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles a command is about, as `--since`, `--until` and `--sections` name them."""

    window: Window | None = None
    """Of their publication; None where neither day was given."""
    sections: tuple[str, ...] = ()
    """Urls of section listings; empty for all."""

    def takes(self, canonical_url: str, section: str | None, date_published: str | None) -> bool:
        """Whether an article is one of them; one without a date lies in no window."""
        if self.window is not None and not (date_published is not None and self.window.holds_iso(date_published)):
            return False
        # A section of its own is known by its path; that of an article by the first part, which may stand in no url.
        return not self.sections or any(
            canonical_url.startswith(f"{url}/") or url.removeprefix(SITE) == section for url in self.sections
        )


def program() -> str:
    """The program that was called, for the begin of a message."""
    return "vovcrawl" if Path(sys.argv[0]).stem == "vovcrawl" else "scrapy"


class ProjectCommand(ScrapyCommand):
    """A command of this project. Its module's name is its own."""

    requires_project = True

    _configuration: Configuration

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options."""
        super().add_options(parser)
        # A mistake is one line, without the usage before it.
        parser.error = self.wrong  # type: ignore[method-assign]

    @staticmethod
    def add_selection(parser: argparse.ArgumentParser, what: str = "articles") -> None:
        """The options by which `selection` is made, which mean what they mean for a crawl.

        Args:
            parser: of the command.
            what: what is chosen, for the help.
        """
        parser.add_argument("--since", help=f"{what} of this day or later (as of a crawl; default: all)")
        parser.add_argument("--until", help=f"{what} of this day or earlier")
        parser.add_argument("--sections", help=f"{what} of these sections")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the command line and the settings; a mistake ends the process with one line."""
        restrict_umask()
        try:
            super().process_options(args, opts)
            self.check_words(args)
            assert self.settings is not None
            self._configuration = configuration.check(self.settings)
            self.check(args, opts)
        except UsageError as error:
            self.wrong(" ".join(str(error).split()))
        except ArgumentError as error:
            self.wrong(str(error))

    def check_words(self, args: list[str]) -> None:
        """Checks what was given beside the options: nothing, unless a command says otherwise.

        Raises:
            ArgumentError: there is too much of it, or too little.
        """
        if args:
            raise ArgumentError(f"unknown option or argument {args[0]}; right would be {self.syntax()}")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the command's own options.

        Raises:
            ArgumentError: one of them is wrong.
        """

    def window(self, opts: argparse.Namespace) -> Window:
        """The window that `--since` and `--until` name: that of a crawl with these arguments.

        Raises:
            ArgumentError: one of them is wrong.
        """
        return self._asked(opts, ("since", "until")).window

    def selection(self, opts: argparse.Namespace) -> Selection:
        """What the options of `add_selection` choose.

        Raises:
            ArgumentError: one of them is wrong.
        """
        if opts.since is opts.until is opts.sections is None:
            return Selection()
        asked = self._asked(opts, ("since", "until", "sections"))
        is_windowed = opts.since is not None or opts.until is not None
        return Selection(asked.window if is_windowed else None, asked.sections)

    def _asked(self, opts: argparse.Namespace, names: tuple[str, ...]) -> Arguments:
        given = {name: value for name in names if (value := getattr(opts, name)) is not None}
        try:
            return arguments.check(given, self._configuration.now)
        except ArgumentError as error:
            line = str(error)
            for name in names:
                line = line.replace(f"-a {name}", f"--{name}")
            raise ArgumentError(line) from None

    def be_quiet(self, level: str) -> None:
        """Has only what is as grave as `level` logged, unless the user asked for something else."""
        assert self.settings is not None
        if (self.settings.getpriority("LOG_LEVEL") or 0) <= SETTINGS_PRIORITIES["project"]:
            self.settings.set("LOG_LEVEL", level, priority="cmdline")

    def wrong(self, message: str) -> NoReturn:
        """Ends the process because of a mistake in the command line."""
        self.leave(ExitStatus.WRONG_ARGUMENTS, message)

    def leave(self, status: ExitStatus, line: str) -> NoReturn:
        """Ends the process with one line that says why."""
        self.say(line)
        sys.exit(status)

    def say(self, line: str) -> None:
        """Says something beside the command's output."""
        name = type(self).__module__.rpartition(".")[2]
        print(shown(masked(encodable(f"{program()} {name}: {line}"))), file=sys.stderr)


class StoreCommand(ProjectCommand):
    """A command that only reads the store; a crawl may hold it all the while."""

    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}


def print_lines(lines: Iterable[str]) -> None:
    """Prints lines as they come, until nobody reads them any more."""
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would try again while it ends.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
