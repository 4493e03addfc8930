"""Which institution a patient's words name."""

from __future__ import annotations

import pytest

from bot.answering.institutions import Institution, Institutions, Named
from bot.understanding.text import normalise
from corpus.documents import load

_CLAUSES = tuple(clause for document in load() for clause in document.clauses)


@pytest.fixture(scope="module")
def institutions() -> Institutions:
    return Institutions(_CLAUSES)


def _named(institutions: Institutions, region: str, text: str) -> Named | None:
    return institutions.named(normalise(text), region)


def _names(rows: tuple[Institution, ...]) -> set[str]:
    return {row.name for row in rows}


@pytest.mark.parametrize("question", ["请问{}能刷卡吗", "想去{}看病，行吗", "我妈在{}住院"])
def test_every_listed_institution_is_found_by_its_name(
    institutions: Institutions, question: str
) -> None:
    lists = [clause for clause in _CLAUSES if institutions.lists(clause)]
    assert lists
    for clause in lists:
        for row in institutions.rows(clause):
            named = _named(institutions, clause.region, question.format(row.name))
            assert named, row.name
            assert row.name in _names(named.found)


@pytest.mark.parametrize(
    ("region", "told", "listed"),
    [
        ("changzhou", "一院", "一院"),
        ("changzhou", "常州市一院", "一院"),
        ("changzhou", "常州市第一人民医院", "一院"),
        ("changzhou", "常州肿瘤醫院", "肿瘤医院"),
        ("changzhou", "常州妇幼", "妇幼保健院"),
        ("changzhou", "金坛人民医院", "金坛区人民医院"),
        ("zhenjiang", "镇江三院", "镇江市第三人民医院"),
        ("zhenjiang", "江大附院", "江苏大学附属医院"),
        ("zhenjiang", "丁卯社区医院", "镇江新区丁卯街道社区卫生服务中心"),
        ("zhenjiang", "高资卫生院", "镇江市丹徒区高资中心卫生院"),
        ("zhenjiang", "大市口那个社区卫生服务中心", "镇江市京口区大市口社区卫生服务中心"),
        ("zhenjiang", "上海瑞金医院", "上海交通大学医学院附属瑞金医院"),
        ("zhenjiang", "上海第一人民医院", "上海市第一人民医院"),
    ],
)
def test_a_name_may_be_told_as_people_say_it(
    institutions: Institutions, region: str, told: str, listed: str
) -> None:
    named = _named(institutions, region, f"听说{told}能办")
    assert named
    assert listed in _names(named.found)


@pytest.mark.parametrize(
    ("region", "told"),
    [
        ("changzhou", "常州四院"),
        ("changzhou", "武进中医院"),
        ("changzhou", "武进人民医院"),
        ("changzhou", "益丰大药房"),
        ("zhenjiang", "镇江六院"),
        ("zhenjiang", "苏大附一院"),
        ("zhenjiang", "南京中医院"),
        ("zhenjiang", "上海长征医院"),
        ("zhenjiang", "上海第四人民医院"),
    ],
)
def test_a_place_or_a_number_makes_another_institution(
    institutions: Institutions, region: str, told: str
) -> None:
    named = _named(institutions, region, f"请问在{told}能办吗")
    assert named
    assert named.name == told
    assert not named.found


@pytest.mark.parametrize(
    "text", ["三级医院能刷吗", "社区医院开通了吗", "镇江的医院能刷吗", "去外地医院"]
)
def test_a_kind_of_institution_is_none(institutions: Institutions, text: str) -> None:
    assert _named(institutions, "zhenjiang", text) is None
