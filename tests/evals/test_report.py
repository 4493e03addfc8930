"""The report opens anywhere, shows failures as text, and keeps the held part closed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.reply import Reply, Status
from evals import results
from evals.__main__ import main
from evals.runner import Record, run
from evals.sets import QuestionSet, find, read
from tests.evals import people


@pytest.fixture(scope="module")
def sets() -> dict[Path, QuestionSet]:
    return read(find(["tuning-limits"]))


def _bold(session: str, message: str) -> Reply:
    return Reply(status=Status.ANSWERED, text="<script>alert('120 元')</script>")


def _result(file: Path, sets: dict[Path, QuestionSet], records: list[Record]) -> Path:
    results.begin(file, results.Header.now("embedded", sets))
    for record in records:
        results.append(file, record)
    return file


def test_the_page_shows_scores_failures_and_the_change(
    sets: dict[Path, QuestionSet], tmp_path: Path
) -> None:
    before = _result(tmp_path / "before.jsonl", sets, list(run(sets, people.oracle(sets))))
    now = _result(tmp_path / "now.jsonl", sets, list(run(sets, _bold)))
    assert main(["report", str(now), "--before", str(before)]) == 0
    page = (tmp_path / "now.html").read_text(encoding="utf-8")
    assert "阿司匹林一天吃几片合适" in page
    assert "status answered, expected out_of_scope" in page
    assert "100.0% → " in page
    assert "lim-dose" in page
    summary = (tmp_path / "now.md").read_text(encoding="utf-8")
    assert "| overall | 100.0% |" in summary
    assert "| emergency |" in summary


def test_a_reply_is_text_and_nothing_is_loaded(
    sets: dict[Path, QuestionSet], tmp_path: Path
) -> None:
    now = _result(tmp_path / "now.jsonl", sets, list(run(sets, _bold)))
    assert main(["report", str(now)]) == 0
    page = (tmp_path / "now.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page
    assert not re.search(r"<script|<link|<img|src=|@import|url\(", page)


def test_the_held_part_stays_closed(sets: dict[Path, QuestionSet], tmp_path: Path) -> None:
    held = {path: questions.model_copy(update={"held": True}) for path, questions in sets.items()}
    now = _result(tmp_path / "now.jsonl", sets, list(run(held, _bold)))
    assert main(["report", str(now)]) == 0
    page = (tmp_path / "now.html").read_text(encoding="utf-8")
    assert "阿司匹林" not in page
    assert "lim-dose" not in page
    assert "held, category" in page
