"""``python -m corpus`` as an operator uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.__main__ import main
from tests.corpus.samples import write_document

ORIGIN = ["--region", "suqian", "--insurance", "both", "--title", "规定", "--as-of", "2024"]


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHROMA_URL", "")
    monkeypatch.setenv("EMBEDDING_MODEL", "")


def test_build_search_add_and_search_again(
    tmp_path: Path, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build"], documents=documents) == 0
    assert "Index built: 5 clauses, regions nantong, taizhou." in capsys.readouterr().out
    assert main(["build"], documents=documents) == 0
    assert "up to date" in capsys.readouterr().out

    question = ["search", "三级医院起付线", "--region", "nantong", "--insurance", "employee"]
    assert main([*question, "-k", "1"], documents=documents) == 0
    shown = capsys.readouterr().out
    assert "nantong/employee#c1" in shown
    assert "三级医院：起付线 1130 元" in shown

    (tmp_path / "rules.txt").write_text("救护车费用由本人承担。", encoding="gbk")
    assert main(["add", str(tmp_path / "rules.txt"), *ORIGIN], documents=documents) == 0
    shown = capsys.readouterr().out
    assert "1 clauses, indexed" in shown
    assert "region.toml" in shown, "a new region still has to be described"
    assert main(["search", "救护车", "--region", "suqian"], documents=documents) == 0
    assert "救护车费用由本人承担。" in capsys.readouterr().out


def test_list_is_quick_and_by_region(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--region", "taizhou"], documents=documents) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.split() == ["taizhou/both", "both", "2024-05", "1", "clauses", "taizhou/both的医保"]


def test_check_tells_faults_by_exit_code(
    documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"], documents=documents) == 0
    assert "0 faults" in capsys.readouterr().out
    file = documents / "taizhou" / "both.md"
    file.write_text(file.read_text("utf-8").replace("2024-05", "去年"), encoding="utf-8")
    assert main(["check"], documents=documents) == 1
    assert "taizhou/both.md:1: as_of '去年'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["search", "起付线", "--region", "nowhere"], "no documents of region 'nowhere'"),
        (["list", "--region", "nowhere"], "no documents of region 'nowhere'"),
        (["check", "--sources", "nowhere"], "nowhere is not a folder"),
        (
            ["add", "none.txt", *ORIGIN],
            "none.txt: can't be opened",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    documents: Path, capsys: pytest.CaptureFixture[str], command: list[str], said: str
) -> None:
    assert main(command, documents=documents) == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_a_broken_document_is_said_in_one_line(
    documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_document(documents, "taizhou/twice", {"甲": "一。"}).write_text("x", encoding="utf-8")
    assert main(["build"], documents=documents) == 2
    assert "twice.md:1: begin with front matter" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("EMBEDDING_MODEL", "nobody/no-such-model", "is not on this machine"),
        ("CHROMA_URL", "http://127.0.0.1:9", "No Chroma server answers at CHROMA_URL"),
    ],
)
def test_a_setting_that_leads_nowhere_is_named(
    documents: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.setenv(setting, value)
    assert main(["build"], documents=documents) == 2
    assert said in capsys.readouterr().err
