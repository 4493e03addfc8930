"""Which name of a list a patient's words mean, and which mean another thing."""

from __future__ import annotations

import pytest

from bot.understanding.lists import Lists
from bot.understanding.text import normalise
from corpus.blocks import blocks
from corpus.documents import Clause, load

_CLAUSES = tuple(clause for document in load() for clause in document.clauses)
_LISTING = tuple(clause for clause in _CLAUSES if clause.lists)


@pytest.fixture(scope="module")
def lists() -> Lists:
    return Lists(_CLAUSES)


def _names(clause: Clause) -> list[str]:
    parts = (b for b in blocks(clause.text) if b.kind != "sentence" and "：" not in b.text)
    return [block.cells[0][1] if block.cells else block.text for block in parts]


def _found(lists: Lists, text: str, clause: Clause) -> list[str]:
    insurance = None if clause.insurance == "both" else clause.insurance
    return [item.name for item in lists.find(normalise(text), clause.region, insurance)]


@pytest.mark.parametrize("clause", _LISTING, ids=lambda clause: clause.id)
@pytest.mark.parametrize("question", ["{}能办吗", "我妈得了{}，算不算", "请问{}可以报吗"])
def test_every_listed_name_is_found(lists: Lists, clause: Clause, question: str) -> None:
    for name in _names(clause):
        assert name in _found(lists, question.format(name), clause)


@pytest.mark.parametrize("clause", _LISTING, ids=lambda clause: clause.id)
def test_a_listed_name_with_another_head_is_another_name(lists: Lists, clause: Clause) -> None:
    for name in _names(clause):
        if "移植术" in name:
            other = "角膜" + name[name.index("移植术") :]
            assert name not in _found(lists, f"{other}算不算", clause)


@pytest.mark.parametrize(
    ("region", "insurance", "text", "name"),
    [
        ("xinyu", "employee", "帕金森能办慢性病吗", "帕金森氏综合症"),
        ("xinyu", "employee", "帕金森综合征能办吗", "帕金森氏综合症"),
        ("xinyu", "resident", "老哮喘，能办慢病卡不", "慢性支气管哮喘"),
        ("xinyu", "resident", "哮喘十几年了，能办吗", "慢性支气管哮喘"),
        ("xinyu", "employee", "我爸帕金森好多年了能办吗", "帕金森氏综合症"),
        ("xinyu", "employee", "红班狼疮能办吗", "系统性红斑狼疮"),
        ("xinyu", "employee", "紅斑狼瘡能辦嗎", "系统性红斑狼疮"),
        ("xinyu", "resident", "再障能办慢病卡吗", "再生障碍性贫血"),
        ("xinyu", "resident", "慢阻肺能办慢病卡吗", "慢性阻塞性肺疾病"),
        ("xinyu", "resident", "尿毒症能办吗", "慢性肾功能衰竭（尿毒症期）"),
        ("xinyu", "resident", "胃癌能办吗", "恶性肿瘤（癌症）"),
        ("wuxi", "employee", "肺癌能办门慢吗", "恶性肿瘤"),
        ("wuxi", "employee", "类风湿关节炎算不算门慢", "类风湿性关节炎"),
        ("zhenjiang", None, "肾移植算特殊诊疗吗", "肾脏移植术"),
        ("zhenjiang", None, "小肠镜算不算", "小肠镜检查"),
        ("changzhou", "employee", "赫塞汀算特药吗", "赫赛汀"),
    ],
)
def test_a_name_may_be_told_in_part_or_misspelt(
    lists: Lists, region: str, insurance: str | None, text: str, name: str
) -> None:
    assert name in [item.name for item in lists.find(normalise(text), region, insurance)]


@pytest.mark.parametrize(
    ("region", "insurance", "name"),
    [
        ("zhenjiang", None, "角膜移植"),
        ("zhenjiang", None, "大肠镜检查"),
        ("zhenjiang", None, "甲状旁腺切除"),
        ("zhenjiang", None, "心脏支架手术"),
        ("xinyu", "resident", "系统性硬皮病"),
        ("wuxi", "employee", "痛风"),
        ("wuxi", "employee", "慢性支气管扩张"),
        ("wuxi", "employee", "甲状腺结节"),
        ("changzhou", "employee", "伊马替尼"),
    ],
)
def test_another_name_is_not_found_and_read_as_it_is_told(
    lists: Lists, region: str, insurance: str | None, name: str
) -> None:
    assert not lists.find(f"{name}能不能办", region, insurance)
    assert lists.asked_for(f"我妈有{name}，能不能办") == name
    assert lists.asked_for(f"{name}算不算") == name


_MILD_DIABETES = "糖尿病（没有合并症，也叫没有并发症、没并发症）"
_MILD_PRESSURE = "高血压Ⅲ期以下（不含Ⅲ期）"


@pytest.mark.parametrize(
    ("region", "text", "names"),
    [
        ("xinyu", "糖尿病有并发症", {"糖尿病合并症"}),
        ("xinyu", "糖尿病，没控制好，查出并发症了", {"糖尿病合并症"}),
        ("xinyu", "糖尿病没什么并发症", {_MILD_DIABETES}),
        ("xinyu", "糖尿病没有并发症，后来有了并发症", {"糖尿病合并症"}),
        ("xinyu", "糖尿病有没有并发症", {"糖尿病合并症", _MILD_DIABETES}),
        ("xinyu", "糖尿病", {"糖尿病合并症", _MILD_DIABETES}),
        ("xinyu", "没有并发症", set()),
        ("xinyu", "高血压Ⅲ期", {"高血压Ⅲ期"}),
        ("xinyu", "高血压3期", {"高血压Ⅲ期"}),
        ("xinyu", "高血压二期", {_MILD_PRESSURE}),
        ("xinyu", "高血压还没到三期", {_MILD_PRESSURE}),
        ("xinyu", "高血压不是二期，是三期", {"高血压Ⅲ期"}),
        ("xinyu", "高血压", {"高血压Ⅲ期", _MILD_PRESSURE}),
        ("wuxi", "高血压二期", {"高血压（Ⅱ期、Ⅲ期）"}),
        ("wuxi", "高血压", {"高血压（Ⅱ期、Ⅲ期）"}),
        ("wuxi", "高血压一期", set()),
    ],
)
def test_the_grade_of_a_disease_tells_its_name(
    lists: Lists, region: str, text: str, names: set[str]
) -> None:
    assert {item.name for item in lists.find(normalise(text), region, "employee")} == names


@pytest.mark.parametrize(
    "text", ["慢病卡可以给我妹妹用吗", "慢病卡在外地能用吗", "这个病能办吗", "可以办吗"]
)
def test_a_question_without_a_name_asks_for_none(lists: Lists, text: str) -> None:
    assert lists.asked_for(text, ("慢病卡",)) == ""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("去上海换肾10万", {"肾脏移植术"}),
        ("我爸换了个肝", {"肝脏移植术"}),
        ("换心脏要多少", {"心脏移植术"}),
        ("换心脏瓣膜6万", set()),
        ("换心脏起搏器5万", set()),
        ("换心情", set()),
    ],
)
def test_a_transplant_in_everyday_words(lists: Lists, text: str, names: set[str]) -> None:
    assert {item.name for item in lists.find(normalise(text), "zhenjiang", None)} == names
