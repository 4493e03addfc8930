"""Baselines behind the product's door; ablations that would notice a renamed part."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from evals.__main__ import main
from evals.ablations import PARTS
from evals.baselines import SourcesError, bm25, langchain
from evals.judge import judge
from evals.sets import Turn


def test_bm25_shows_the_best_clause_of_any_place() -> None:
    with bm25() as answer:
        reply = answer("s", "镇江 视神经管减压术 算特殊诊疗项目吗")
    assert reply.region == "zhenjiang"
    assert reply.citations[0].clause.startswith("zhenjiang/special-procedures#")
    assert "视神经管减压术" in reply.text


def test_langchain_shows_chunks_of_the_sources(tmp_path: Path) -> None:
    file = tmp_path / "004_1809a0f3a9c00403.txt"
    file.write_text("镇江市医疗保险异地就医。\n\n电话：0511-85340390。", encoding="utf-8")
    with langchain(tmp_path) as answer:
        reply = answer("s", "镇江医保电话")
    assert "0511-85340390" in reply.text
    turn = Turn(
        say="镇江医保电话", region="zhenjiang", figures=("0511-85340390",), clauses=(("x",),)
    )
    assert judge(turn, reply, turn.say, text_only=True).failures == ()


def test_a_folder_without_sources_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SourcesError, match="none of the source documents"), langchain(tmp_path):
        pass
    assert main(["run", "tuning-limits", "--answerer", "langchain"]) == 2
    assert "--sources" in capsys.readouterr().err


@pytest.mark.parametrize("part", PARTS)
def test_what_an_ablation_replaces_is_there(part: str) -> None:
    with ExitStack() as stack:
        for replaced in PARTS[part]():
            stack.enter_context(replaced)
