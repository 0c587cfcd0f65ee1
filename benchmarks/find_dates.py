"""How well and how fast Vietnamese time expressions are found: vovcrawl and its peers on the same sentences.

Run as `python -m benchmarks.find_dates`; `--gold FILE` takes other annotated sentences, JSON Lines of
`{"id", "text", "ref", "category", "spans"}`. Times are CPU time of the reading process, start-up left out.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.report import Check, report
from benchmarks.timex_scores import Mark, Score
from tests.dates.marked_sentences import load
from vovcrawl.dates import find_dates

ROOT = Path(__file__).resolve().parent.parent
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
CHRONO = ROOT / "benchmarks" / "peers" / "chrono"
CHRONO_NODE = "chrono-node"
HOW_TO_MAKE_PEERS = "make peers"

TARGETS = {"strict": 0.90, "relaxed": 0.96, "value": 0.93}
CHARACTERS_A_SECOND = {150: 1_000_000, 500: 5_000_000}
"""The least speed, by how many characters of the text there are to an expression; news has about one in 500."""
GROWTH = 13.0
"""So many times the time, at most, for ten times the text."""
LENGTH = 1_000_000
"""Characters of the text that is timed."""
REFERENCE = datetime(2023, 10, 14, 14, 5)
NOTHING_TO_FIND = ("trap",)

# What date-free prose is made of: a clause takes one of each, so that hardly any stands twice in a million characters.
WHO = (
    "bà con xã bên, tổ thợ mộc, đội bóng phường, cô giáo làng, ông lái đò, hội làm vườn, ban quản lý chợ, chủ tàu cá, "
    "nhóm kỹ sư trẻ, hợp tác xã Đồng Lúa, bệnh viện huyện, trường Hoa Sen, đoàn kịch Sông Xanh, công ty Vải Mịn, ban "
    "giám khảo, người trồng chè, thủ thư thư viện, lãnh đạo tỉnh, các hộ nuôi tôm, đại diện nhà máy, hai tác giả, lớp "
    "học vẽ, bác sĩ trực ca, khách đi đường, Bộ Thủy văn, huấn luyện viên, người bán hoa"
).split(", ")
DOES = (
    "đã dựng lại, chưa nhận được, vừa mở rộng, cho rằng cần giữ, đang thử nghiệm, giới thiệu với khách, mang đến hội "
    "thi, bàn cách bảo vệ, đề nghị hỗ trợ, góp công xây, sửa xong, không đồng ý bán, đặt tên cho, kể chuyện về, tìm "
    "thấy, chăm sóc, nối liền, đánh giá cao, đo đạc, thu mua, thay mới, trao tặng, xin giữ nguyên, quan tâm đến"
).split(", ")
WHAT = (
    "một cây cầu tre, 3 giống lúa thơm, khu vườn ươm, 12 tấn cá khô, mái đình cũ, con đường đất, bộ ấm men lam, hai "
    "chiếc thuyền gỗ, 1.200 cuốn sách, phòng khám nhỏ, dàn trống đồng, 45% số giếng, bản nhạc không lời, lò gốm, "
    "hơn 70 hộ nghèo, đàn trâu, kho thóc, bức tranh lụa, 2,5 tỷ đồng, trạm bơm, rặng dừa, năm em học giỏi, "
    "giấy phép số 88, tuyến xe buýt, đập nước, vở diễn, mẫu áo ấm, thứ gạo nếp, đầu máy kéo, mức giá tối đa"
).split(", ")
WHERE = (
    "ở đầu làng, bên bờ sông, tại thành phố biển, trong rừng thông, giữa chợ nổi, trên đảo Cát Vàng, dưới chân núi, "
    "cạnh trường học, ngoài bến cảng, gần ga tàu, quanh hồ, dọc quốc lộ, nơi cuối phố, ở xã Bình Minh, tại khu tập thể"
).split(", ")
WHY = (
    "vì nước lên chậm, để ai cũng có việc làm, nhờ vốn góp của dân, dù giá còn cao, theo ý kiến của thợ cả, mà không "
    "tốn nhiều tiền, khi đất đã khô, nên số khách tăng gấp đôi, do thiếu thợ lành nghề, như lời cụ Tâm kể"
).split(", ")

HOSTILE = {
    "1/1/1/...": "1/1/",
    "digits": "1234567890",
    "ngày ngày ...": "ngày ",
    "năm năm ...": "năm ",
    "8/6 đến 8/6 ...": "8/6 đến ",
    "1, 1, ...": "1, ",
    "8 và 8 và ...": "8 và ",
    "(8/6 (8/6 ...": "(8/6 ",
    "8h8h...": "8h",
    "mùng 1 tháng ...": "mùng 1 tháng ",
    "6-4, 6-4, ...": "6-4, ",
    "U23 năm nay ...": "U23 năm nay ",
    "18h mỗi tối ...": "18h mỗi tối ",
    "đêm 30 rạng sáng ...": "đêm 30 rạng sáng ",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One annotated text."""

    id: str
    category: str
    text: str
    reference: str | None
    gold: tuple[Mark, ...]


@dataclass
class Finder:
    """One program's marks by the text's id, and its characters a CPU second on dense text and on news."""

    name: str
    found: dict[str, list[Mark]]
    speed: float
    news_speed: float


def own_cases() -> list[Case]:
    """The project's own sentences."""
    return [
        Case(
            one.id,
            one.category,
            one.text,
            one.reference.isoformat() + "+07:00" if one.reference else None,
            tuple(Mark(each.start, each.end, each.value) for each in one.expressions),
        )
        for one in load()
    ]


def foreign_cases(file: Path) -> list[Case]:
    """The sentences of a file of JSON Lines."""
    rows = [json.loads(line) for line in file.read_text("utf-8").split("\n") if line.strip()]
    return [
        Case(
            row["id"],
            row.get("category", "all"),
            row["text"],
            row["ref"],
            tuple(Mark(span["start"], span["end"], span["value"]) for span in row["spans"]),
        )
        for row in rows
    ]


def dense_text(cases: Sequence[Case], length: int) -> list[str]:
    """Paragraphs of together `length` characters, an expression in about 150, out of the sentences in some order."""
    plain = [case.text for case in cases if not case.gold]
    return _paragraphs(cases, length, 150, lambda order: order.choice(plain))


def news_text(cases: Sequence[Case], length: int) -> list[str]:
    """The same with an expression in about 500 characters, and invented prose between them."""
    return _paragraphs(cases, length, 500, prose)


def _paragraphs(
    cases: Sequence[Case], length: int, characters_an_expression: int, plain: Callable[[random.Random], str]
) -> list[str]:
    order = random.Random(14)
    dated = [case for case in cases if case.gold]
    paragraphs: list[str] = []
    characters = expressions = 0
    while characters < length:
        case = order.choice(dated)
        expressions += len(case.gold)
        lines = [case.text]
        characters += len(case.text) + 1
        while characters < characters_an_expression * expressions:
            lines.append(plain(order))
            characters += len(lines[-1]) + 1
        paragraphs.append(" ".join(lines))
    return paragraphs


def prose(order: random.Random) -> str:
    """A sentence that says no time."""
    clauses = []
    for _ in range(order.choice((1, 1, 2))):
        parts = [order.choice(WHO), order.choice(DOES), order.choice(WHAT)]
        parts += [order.choice(some) for some in (WHERE, WHY) if order.random() < 0.6]
        clauses.append(" ".join(parts))
    text = order.choice((", còn ", "; ", ", trong khi ")).join(clauses)
    return text[0].upper() + text[1:] + order.choice("....?")


def own(cases: Sequence[Case], dense: Sequence[str], news: Sequence[str], rounds: int) -> Finder:
    """vovcrawl, on one long text of each kind."""
    found = {}
    for case in cases:
        reference = datetime.fromisoformat(case.reference) if case.reference else None
        found[case.id] = [Mark(one.start, one.end, one.value) for one in find_dates(case.text, reference)]
    speeds = []
    for paragraphs in (dense, news):
        text = "\n".join(paragraphs)
        _seconds(text)
        speeds.append(len(text) / min(_seconds(text) for _ in range(rounds)))
    return Finder("vovcrawl", found, *speeds)


def _seconds(text: str) -> float:
    start = process_time()
    find_dates(text, REFERENCE)
    return process_time() - start


def peers(cases: Sequence[Case], dense: Sequence[str], news: Sequence[str], rounds: int) -> Iterator[Finder]:
    """Those of the peers that are installed; each is given the texts in the portions that suit it."""
    commands = {}
    if PEERS_PYTHON.exists():
        if shutil.which("java"):
            commands["HeidelTime"] = [str(PEERS_PYTHON), "-m", "benchmarks.peers.run_heideltime"]
        commands["Duckling"] = [str(PEERS_PYTHON), "-m", "benchmarks.peers.run_duckling"]
        commands["dateparser"] = [str(PEERS_PYTHON), "-m", "benchmarks.peers.run_dateparser"]
    if (CHRONO / "node_modules").exists() and shutil.which("node"):
        commands[CHRONO_NODE] = ["node", str(CHRONO / "run_chrono.js")]
    for name, command in commands.items():
        # A peer takes the article's time for granted; sentences without one are ours alone.
        rows = [{"id": case.id, "text": case.text, "ref": case.reference} for case in cases if case.reference]
        found = {row["id"]: [_mark(span) for span in row["spans"]] for row in _run(command, rows)}
        speeds = [_speed(name, command, paragraphs, rounds) for paragraphs in (dense, news)]
        yield Finder(name, found, *speeds)


def _speed(name: str, command: Sequence[str], paragraphs: Sequence[str], rounds: int) -> float:
    """Characters a CPU second, of as many rounds as vovcrawl has where that takes no hours."""
    reference = REFERENCE.isoformat() + "+07:00"
    command = [*command, "--seconds"]
    if name == CHRONO_NODE:
        command += ["--rounds", str(rounds)]
    else:
        # The slow ones are timed on the beginning; their time grows with the text evenly.
        paragraphs = paragraphs[: len(paragraphs) // 10]
    texts = paragraphs if name == "Duckling" else ["\n".join(paragraphs)]
    timed = _run(command, [{"id": n, "text": t, "ref": reference} for n, t in enumerate(texts)])
    seconds: float = sum(row["cpu_s"] for row in timed)
    return sum(map(len, texts)) / seconds


def _mark(span: dict[str, Any]) -> Mark:
    return Mark(span["start"], span["end"], span["value"])


def _run(command: Sequence[str], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    done = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, check=True, cwd=ROOT)
    return [json.loads(line) for line in done.stdout.decode().split("\n") if line]


def score(cases: Sequence[Case], finder: Finder) -> dict[str, Score]:
    """The counts by category, and of `all` together."""
    scores: dict[str, Score] = {}
    for case in cases:
        if case.id in finder.found:
            predicted = finder.found[case.id]
            # "Now" and its like, where nothing is marked, is no false alarm.
            predicted = [
                one
                for one in predicted
                if not one.value.endswith("_REF")
                or any(one.start < gold.end and gold.start < one.end for gold in case.gold)
            ]
            for name in (case.category, "all"):
                scores.setdefault(name, Score()).add(case.gold, predicted)
    return scores


def percent(figure: float | None) -> str:
    """A share as the tables show it."""
    return "-" if figure is None else f"{100 * figure:.1f}"


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A Markdown table, first column to the left."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in (head, rule, *rows):
        cells = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("| " + " | ".join(cells) + " |")
    print()


def print_scores(cases: Sequence[Case], finders: Sequence[Finder]) -> None:
    """Value F1 by category, the other figures below, characters a second last."""
    scores = [score(cases, finder) for finder in finders]
    rows = []
    for name in sorted({case.category for case in cases} - set(NOTHING_TO_FIND)):
        some = scores[0][name]
        figures = [each[name].f1(each[name].values) if name in each else None for each in scores]
        rows.append([f"{name} ({some.sentences}, {some.gold})", *map(percent, figures)])
    whole = [each["all"] for each in scores]
    rows.append(
        [f"all: value F1 ({whole[0].sentences}, {whole[0].gold})", *(percent(one.f1(one.values)) for one in whole)]
    )
    rows.append(["all: relaxed span F1", *(percent(one.f1(one.relaxed)) for one in whole)])
    rows.append(["all: strict span F1", *(percent(one.f1(one.strict)) for one in whole)])
    rows.append(["sentences without a date, with a find", *(_alarms(each) for each in scores)])
    rows.append(["characters a CPU second, an expression in 150", *(f"{finder.speed:,.0f}" for finder in finders)])
    rows.append(["characters a CPU second, an expression in 500", *(f"{finder.news_speed:,.0f}" for finder in finders)])
    print_table(["category (sentences, expressions)", *(finder.name for finder in finders)], rows)


def _alarms(scores: dict[str, Score]) -> str:
    without = sum(one.sentences for name, one in scores.items() if name in NOTHING_TO_FIND)
    return f"{scores['all'].false_alarms} of {without}"


def print_growth(text: str) -> bool:
    """Milliseconds for 10 kB, 100 kB and 1 MB of news and of hostile text; whether all of it grows evenly."""
    rows = []
    worst = 0.0
    for name, piece in {"news": text, **HOSTILE}.items():
        times = []
        for length in (10_000, 100_000, 1_000_000):
            sample = (piece * (length // len(piece) + 1))[:length]
            times.append(min(_seconds(sample) for _ in range(3 if length < 1_000_000 else 1)))
        growth = max(times[1] / times[0], times[2] / times[1]) if times[0] > 0.001 else times[2] / max(times[1], 0.001)
        worst = max(worst, growth)
        rows.append([name, *(f"{1000 * one:,.1f}" for one in times), f"{growth:.1f}"])
    print_table(["text", "10 kB, ms", "100 kB, ms", "1 MB, ms", "most for ten times the text"], rows)
    return worst <= GROWTH


def print_misread(cases: Sequence[Case], finder: Finder) -> None:
    """What is still read wrongly."""
    for case in cases:
        found = set(finder.found[case.id])
        for one in sorted(set(case.gold) ^ found, key=lambda mark: mark.start):
            kind = "missed" if one in case.gold else "found"
            print(f'{case.id}: {kind} "{case.text[one.start : one.end]}" ({one.value}) in: {case.text[:200]}')
    print()


def measured(rounds: int = 3, gold: Path | None = None, *, alone: bool = False) -> list[Check]:
    """All programs; prints the tables.

    Args:
        rounds: of the speed of the fast ones, of which the best counts.
        gold: annotated sentences in place of the project's own.
        alone: whether to leave the peers out.
    """
    cases = foreign_cases(gold) if gold else own_cases()
    dense, news = dense_text(own_cases(), LENGTH), news_text(own_cases(), LENGTH)
    finders = [own(cases, dense, news, rounds)]
    if not alone:
        finders += peers(cases, dense, news, rounds)
        if len(finders) < 5:
            print(f"Only {len(finders) - 1} of 4 peers are there: {HOW_TO_MAKE_PEERS}, with java and node.\n")
    print("Value F1 by category, in percent\n")
    print_scores(cases, finders)
    even = print_growth("\n".join(dense))
    print("Still read wrongly:\n")
    print_misread(cases, finders[0])
    whole = score(cases, finders[0])["all"]
    reached = {"strict": whole.f1(whole.strict), "relaxed": whole.f1(whole.relaxed), "value": whole.f1(whole.values)}
    checks = [
        Check("dates", f"{name} F1", f"{reached[name] or 0:.3f}", f"at least {target}", (reached[name] or 0) >= target)
        for name, target in TARGETS.items()
    ]
    for (density, least), speed in zip(
        CHARACTERS_A_SECOND.items(), (finders[0].speed, finders[0].news_speed), strict=True
    ):
        what = f"characters a CPU second at an expression in {density}"
        checks.append(Check("dates", what, f"{speed:,.0f}", f"at least {least:,}", speed >= least))
    for finder in finders:
        if finder.name == CHRONO_NODE:
            share = finders[0].news_speed / finder.news_speed
            checks.append(
                Check(
                    "dates", f"the same beside {CHRONO_NODE}, on news", f"{share:.2f} times", "1, as a goal", share >= 1
                )
            )
    what = f"ten times the text at most {GROWTH:g} times the time"
    checks.append(Check("dates", what, "all texts" if even else "not all texts", "all texts", even))
    return checks


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, metavar="FILE", help="annotated sentences in place of the project's own")
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds of the speed of the fast ones, of which the best counts"
    )
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    options = parser.parse_args()
    checks = measured(options.rounds, options.gold, alone=options.alone)
    print()
    report(checks)


if __name__ == "__main__":
    main()
