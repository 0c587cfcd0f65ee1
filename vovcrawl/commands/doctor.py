"""`scrapy doctor`: whether this machine can crawl, and the site still looks as the crawler expects."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import textwrap
from collections.abc import Iterable
from typing import Any

from vovcrawl import __version__
from vovcrawl.crawl import assumptions, local_checks
from vovcrawl.crawl.assumptions import Finding, Verdict
from vovcrawl.crawl.examination import MOST_REQUESTS, Examiner
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.items import READER_VERSION
from vovcrawl.masking import masked
from vovcrawl.project_command import ProjectCommand
from vovcrawl.text import encodable, shown

_NEXT: dict[int, str] = {
    ExitStatus.COMPLETE: "All is as it should be. Next: scrapy crawl vov",
    ExitStatus.BLOCKED: "The site blocks this machine. Next: wait some hours, name a contact with -s VOV_CONTACT=..., "
    "raise DOWNLOAD_DELAY, and run scrapy doctor again.",
    ExitStatus.UNREACHABLE: "The site, or a part of it, did not respond. Next: look at the network (and https_proxy), "
    "and run scrapy doctor again later.",
    ExitStatus.STORE: 'This machine is not ready. Next: put right what differs under "this machine", and run scrapy '
    "doctor again.",
    ExitStatus.CHANGED: "Something is not as the crawler expects, so that articles or fields may be missing. Next: "
    "scrapy inspect URL shows how a page is read; a newer version may know the site, else report these lines with it.",
}

_SET_CLOCK = "The site looks as expected, but this machine's clock is wrong. Next: set it, and run scrapy doctor again."

_WIDEST = 110
"""Columns of the report at least: a narrower terminal breaks the lines by itself."""


class Command(ProjectCommand):
    """Examines the machine and the site."""

    def syntax(self) -> str:
        """What `scrapy doctor -h` shows first."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Check this machine, and by a few requests whether the site looks as expected"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The form of the report."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="the whole report as one JSON document")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Leaves the log to what is graver than a finding: what goes wrong is part of the report."""
        self.be_quiet("CRITICAL")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Looks at the machine, asks the site, and says what was found."""
        assert self.settings is not None and self.crawler_process is not None
        here = list(local_checks.findings(self.settings, self._configuration))
        if not opts.json:
            _print("this machine", here)
            if sys.stderr.isatty():
                print(f"Asking the site, {MOST_REQUESTS} requests at most ...", file=sys.stderr)
        crawler = self.crawler_process.create_crawler(Examiner)
        rendering = self._configuration.rendering
        self.crawler_process.crawl(crawler, now=self._configuration.now, rendering=rendering)
        self.crawler_process.start()
        examiner = crawler.spider
        if not isinstance(examiner, Examiner):
            self.leave(ExitStatus.ERROR, "the examination could not begin; -s LOG_LEVEL=ERROR shows why")
        if crawler.stats.get_value("finish_reason") == "shutdown":
            sys.exit(128 + signal.SIGINT)
        if not examiner.has_ended:
            self.leave(ExitStatus.ERROR, "the examination did not come to its end; -s LOG_LEVEL=ERROR shows why")
        evidence = examiner.evidence
        there = assumptions.findings(evidence)
        answers = [*evidence.answers.values(), *evidence.articles]
        if rendering is not None:
            there.append(local_checks.browser(rendering, examiner.browser_is_gone))
        is_given = bool(self.settings.get("VOV_NOW"))
        there.append(local_checks.clock(answers, self._configuration, is_given=is_given))
        status = assumptions.worst([*here, *there])
        if opts.json:
            document = {
                "version": __version__,
                "reader_version": READER_VERSION,
                "now": self._configuration.now.isoformat(),
                "requests": examiner.requests,
                "exit_status": status,
                "machine": [_plain(one) for one in here],
                "site": [_plain(one) for one in there],
                "asked": [one.asked for one in answers if one.status is not None],
                "next": _next(status, there),
            }
            print(shown(json.dumps(document, ensure_ascii=False)))
        else:
            _print(f"the site, by {examiner.requests} requests", there)
            for line in textwrap.wrap(_next(status, there), _WIDEST):
                print(line)
        self.exitcode = status


def _next(status: int, found: Iterable[Finding]) -> str:
    """What to do, in a sentence or two."""
    differing = {one.name for one in found if one.verdict is Verdict.DIFFERS}
    return _SET_CLOCK if status == ExitStatus.CHANGED and differing == {local_checks.CLOCK} else _NEXT[status]


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "expected": finding.expected,
        "verdict": finding.verdict.value,
        "met": masked(encodable(finding.met)),
    }


def _print(heading: str, found: Iterable[Finding]) -> None:
    """A line a finding, aligned; what differs also says what was expected."""
    rows = list(found)
    first = max(len(verdict.value) for verdict in Verdict)
    second = max(len(one.name) for one in rows)
    indent = " " * (2 + first + 2 + second + 2)
    room = max(_WIDEST, shutil.get_terminal_size().columns) - len(indent)
    print(shown(heading))
    for one in rows:
        text = shown(masked(encodable(_said(one))))
        lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
        print(f"  {one.verdict.value:<{first}}  {shown(one.name):<{second}}  {lines[0]}")
        for line in lines[1:]:
            print(indent + line)
    print(flush=True)


def _said(finding: Finding) -> str:
    match finding.verdict:
        case Verdict.DIFFERS:
            return f"expected: {finding.expected}; met: {finding.met}"
        case Verdict.NOT_ASKED:
            return f"could not be asked: {finding.met}"
    return f"{finding.expected}: {finding.met}"
