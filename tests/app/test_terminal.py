"""``python -m bot``: one answer, a conversation, and what can go wrong."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bot.__main__ import main

QUESTION = "无锡在职职工在二级医院住院，起付线是多少？"


@pytest.fixture(autouse=True)
def own_data(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(data_dir))


def test_a_question_is_answered_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([QUESTION]) == 0
    said = capsys.readouterr().out
    assert "750 元" in said
    assert "来源：" in said
    assert "**" not in said


def test_json_is_the_reply_of_the_api(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", QUESTION]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert reply["status"] == "answered"
    assert reply["region"] == "wuxi"


def test_a_session_goes_on_without_one_nothing_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--session", "test", QUESTION])
    main(["--session", "test", "那退休的呢？"])
    assert "600 元" in capsys.readouterr().out
    main([QUESTION])
    main(["那退休的呢？"])
    assert "600 元" not in capsys.readouterr().out


def test_a_conversation_ends_with_the_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f"{QUESTION}\n\n那退休的呢？\n清除\n那退休的呢？\n退出\n{QUESTION}\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert main([]) == 0
    said = capsys.readouterr().out
    assert said.count("600 元") == 1
    assert said.count("750 元") == 1


def test_what_can_not_be_used_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    assert main([QUESTION]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
