"""A question set with a mistake is refused, with the line of the mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.__main__ import main
from evals.sets import SetError, find, parse, read

_GOOD = """\
conversations:
  - id: wx-one
    category: figure
    turns:
      - say: 无锡退休职工二级医院住院起付线多少
        region: wuxi
        figures: [600 元]
        clauses: [wuxi/employee-inpatient#deductible]
"""


def _problems(text: str) -> list[str]:
    with pytest.raises(SetError) as caught:
        parse(text, "set.yaml")
    return str(caught.value).splitlines()


def test_a_good_set_reads() -> None:
    conversation = parse(_GOOD, "set.yaml").conversations[0]
    assert conversation.turns[0].figures == ("600 元",)


def test_every_set_of_the_repository_is_well_formed() -> None:
    assert sum(len(questions.conversations) for questions in read(find([])).values()) >= 200


@pytest.mark.parametrize(
    ("right", "wrong", "line", "about"),
    [
        ("category: figure", "category: figur", 3, "category"),
        ("region: wuxi", "region: wuxii", 6, "region wuxii"),
        ("figures: [600 元]", "figurs: [600 元]", 7, "figurs"),
        ("figures: [600 元]", "figures: [六百块吧, 没有数]", 7, "没有数"),
        ("figures: [600 元]", "figures: [601 元]", 7, "601"),
        ("figures: [600 元]", "status: answerd", 7, "answered"),
        ("figures: [600 元]", "asks: employment", 7, "clarify"),
        ("figures: [600 元]", "if_asked: {employed: 退休}", 7, "employed"),
        ("figures: [600 元]", "estimate: {fund_total: 12.5, patient_total: '1.00'}", 7, "fund"),
        ("#deductible]", "#deductable]", 8, "not in the library"),
        ("say: 无锡退休职工二级医院住院起付线多少", "say: ''", 5, "say"),
        ("region: wuxi", "say: 再说一遍", 6, "given twice"),
        ("id: wx-one", "id: 无锡一", 2, "id"),
        ("turns:", "turns: [", 5, "YAML"),
    ],
)
def test_a_mistake_is_reported_with_its_line(right: str, wrong: str, line: int, about: str) -> None:
    problems = _problems(_GOOD.replace(right, wrong))
    assert [problem for problem in problems if f"set.yaml:{line}: " in problem and about in problem]


def test_every_mistake_is_reported_at_once() -> None:
    text = _GOOD.replace("figure\n", "figur\n").replace("region: wuxi", "regio: wuxi")
    assert len(_problems(text)) == 2


def test_an_id_used_twice_is_reported() -> None:
    twice = _GOOD + _GOOD.removeprefix("conversations:\n")
    assert "set.yaml:9: id wx-one is used twice" in _problems(twice)


def test_an_empty_file_is_reported() -> None:
    assert _problems("# nothing yet\n") == ["set.yaml:1: the file is empty"]


def test_an_id_of_another_file_is_reported(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(_GOOD, encoding="utf-8")
    with pytest.raises(SetError, match=r"b\.yaml: id wx-one is used in .*a\.yaml"):
        read(find([""], tmp_path))


def test_the_command_tells_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(_GOOD.replace("figures", "figurs"), encoding="utf-8")
    assert main(["check", str(file)]) == 2
    assert f"{file}:7: " in capsys.readouterr().err


def test_an_unknown_set_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "no-such-set"]) == 2
    assert "no-such-set" in capsys.readouterr().err
