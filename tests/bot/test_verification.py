"""No figure without a source: a lying draft is caught in any writing, an honest one passes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import cn2an
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.verification import Evidence, Fault, verify
from corpus.documents import Clause, load

CLAUSES = {clause.id: clause for document in load() for clause in document.clauses}


def clause(text: str, name: str = "jiazhou/care#share") -> Clause:
    return Clause(
        id=name,
        title="甲州职工住院",
        section="报销比例",
        text=text,
        source="000.txt",
        source_section="二",
        region="jiazhou",
        insurance="employee",
        as_of="2019-09",
    )


SHARE = clause(
    "二级医院在职职工每次起付线 750 元，1万元以内个人付 12%，最高 20 万元；出院后三个月内办理，"
    "当年6月30日截止。咨询电话 0510-81880202，网址 http://218.90.158.61。"
)
SETTLEMENT: dict[str, Any] = {
    "status": "settled",
    "total": "15000.00",
    "fund_total": "12640.00",
    "patient_total": "2360.00",
    "lines": [
        {"text": "起付标准 750 元", "base": "15000.00", "rate": None, "amount": "750.00"},
        {"text": "按比例自付", "base": "9250.00", "rate": "0.12", "amount": "1110.00"},
    ],
    "assumptions": [{"fact": "admission_no", "value": 1, "text": "按本年度第 1 次住院计算"}],
}
EVIDENCE = Evidence(
    clauses=[SHARE],
    settlement=SETTLEMENT,
    patient=["我爸七十二岁，住院花了一万五", "能报95%吗，起付线是500元吗"],
    extra=["12393", "85%"],
)


def faults(draft: str, evidence: Evidence = EVIDENCE) -> list[tuple[Fault, str]]:
    return [(violation.kind, violation.text) for violation in verify(draft, evidence)]


@pytest.mark.parametrize(
    "draft",
    [
        "您在二级医院住院的起付线是 **750 元**（在职职工）。[1]",
        "起付线七百五十元，1 万元以内您付 12%。[1]",
        "医保付 88%，您付 12%；医保一共付 12,640.00 元，您付 2,360.00 元。[1]",
        "医保付一万二千六百四十元（1.264万）。[1]",
        "最高 200,000 元，也就是 20 万。[1]",
        "出院后 3 个月内办，当年 6 月 30 日截止。[1]",
        "电话 0510-81880202，打 81880202 也行，网址 http://218.90.158.61。[1]",
        "打开 http://218.90.158.61：首页注册。[1]",
        "资料日期 2019 年 9 月。[1]",
        "不清楚的可以打 12393。",
        "您爸爸 72 岁，花了 15,000 元，对吗？",
        "您付了 500 元押金，是吗？",
        "您说的 95%，资料里没有写。",
        "按本年度第 1 次住院计算。[1]",
        "要办两件事：\n1. 带身份证\n2. 到窗口登记\n",
        "可以。请问您是：① 在职 ② 退休？",
        "第一步，先备案；第二步，选定点。去一家社区医院就行。",
        "按三级医院、二类病种来看。",
        "各级医院的标准如下。[1]\n\n| 医院 | 起付线 |\n|---|---|\n| 二级 | 750 元 |",
        "",
    ],
)
def test_an_honest_draft_passes(draft: str) -> None:
    assert faults(draft) == []


@pytest.mark.parametrize(
    ("draft", "figure"),
    [
        ("起付线是 800 元。[1]", "800元"),
        ("起付线是八百元。[1]", "八百元"),
        ("医保付 1.27万。[1]", "1.27万"),
        ("医保付九成。[1]", "九成"),
        ("医保付百分之九十。[1]", "百分之九十"),
        ("医保付９０％。[1]", "90%"),
        ("医保付 9\u200b0%。[1]", "90%"),
        ("医保付 9**0**%。[1]", "90%"),
        ("医保付 &#57;0%。[1]", "90%"),
        ("医保付⑨⓪%。[1]", "90%"),
        ("医保付 9O%。[1]", "90%"),
        ("医保付十分之九。[1]", "十分之九"),
        ("打九折。[1]", "九折"),
        ("全额报销。[1]", "全额"),
        ("出院后 30 天内办。[1]", "30天"),
        ("出院后三年内办。[1]", "三年"),
        ("6 月 3 日截止。[1]", "6月3日"),
        ("电话 0510-81880203。[1]", "0510-81880203"),
        ("打 12394 问。", "12394"),
        ("网址 http://218.90.158.62。[1]", "http://218.90.158.62"),
        ("能报 95%。[1]", "95%"),
        ("按您说的情况，医保付 95%。[1]", "95%"),
        ("是的，起付线是 500 元。[1]", "500元"),
        ("您说的没错，起付线 500 元。[1]", "500元"),
        ("医保付 500 元。[1]", "500元"),
        ("这一回 500 元由医保付。[1]", "500元"),
        ("要带三张照片。[1]", "三张"),
    ],
)
def test_a_lie_is_caught_in_any_writing(draft: str, figure: str) -> None:
    assert (Fault.FIGURE, figure) in faults(draft)


@pytest.mark.parametrize(
    ("draft", "fault"),
    [
        ("起付线是 750 元。[2]", (Fault.CITATION, "[2]")),
        ("起付线是 750 元。[1,3]", (Fault.CITATION, "[3]")),
        ("起付线是 750 元【9】", (Fault.CITATION, "[9]")),
        ("可以。[[jiazhou/none#such]]", (Fault.CITATION, "jiazhou/none#such")),
        ("一个月内医保付 12,640.00 元。", (Fault.UNCITED, "一个月内医保付 12,640.00 元。")),
        ("可以。[1]\n\n您付 2,360.00 元。", (Fault.UNCITED, "您付 2,360.00 元。")),
    ],
)
def test_citations(draft: str, fault: tuple[Fault, str]) -> None:
    assert fault in faults(draft)


def test_a_clause_that_isnt_cited_vouches_for_nothing() -> None:
    other = clause("门诊每年最高 5000 元。", "jiazhou/care#cap")
    evidence = Evidence(clauses=[SHARE, other])
    assert faults("门诊最高 5000 元。[1]", evidence) == [(Fault.FIGURE, "5000元")]
    assert faults("门诊最高 5000 元。[2]", evidence) == []


def test_the_other_side_of_a_share_needs_a_rule() -> None:
    assert faults("医保付 88%。[1]", Evidence(clauses=[SHARE])) == [(Fault.FIGURE, "88%")]
    assert faults("医保付 88%。[1]", Evidence(clauses=[SHARE], extra=["88%"])) == []


@pytest.mark.parametrize("name", sorted(CLAUSES))
def test_every_clause_vouches_for_its_own_words(name: str) -> None:
    text = CLAUSES[name].text
    paragraphs = [f"{part} [1]" for part in text.split("\n\n")]
    assert faults("\n\n".join(paragraphs), Evidence(clauses=[CLAUSES[name]])) == []


# ------------------------------------------------------------------------- planted wrong figures

FULL_WIDTH = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")
NUMBER_WAYS = (
    "{0}元",
    "{0:,}元",
    "{0:,}.00 元",
    "{cn}元",
    "{formal}元",
    "{wan}万元",
    "{wan} 万",
    "**{0}** 元",
    "{wide}元",
    "&#x{first:x};{rest}元",
    "{split}元",
)
SHARE_WAYS = (
    "{0}%",
    "{0} %",
    "百分之{cn}",
    "百分之{0}",
    "{cn}%",
    "{wide}％",
    "{0}个百分点",
    "**{0}%**",
)


def write(way: str, value: int) -> str:
    digits = str(value)
    return way.format(
        value,
        cn=cn2an.an2cn(digits),
        formal=cn2an.an2cn(digits, "up"),
        wan=Decimal(value) / 10_000,
        wide=digits.translate(FULL_WIDTH),
        first=ord(digits[0]),
        rest=digits[1:],
        split="\u200b".join(digits),
    )


DRAFTS = (
    "起付线是{}。[1]",
    "按您说的情况，医保付{}，请以结算单为准。[1]",
    "1. 先由您付{} [1]\n2. 其余医保付",
)


@given(
    st.sampled_from(DRAFTS), st.sampled_from(NUMBER_WAYS), st.integers(min_value=2, max_value=10**7)
)
def test_any_wrong_amount_in_any_writing(draft: str, way: str, value: int) -> None:
    assume(value not in (750, 10_000, 200_000, 15_000, 12_640, 2_360, 9_250, 1_110, 12_393, 3))
    assert any(kind is Fault.FIGURE for kind, _ in faults(draft.format(write(way, value))))


@given(
    st.sampled_from(DRAFTS),
    st.sampled_from(NUMBER_WAYS),
    st.sampled_from([750, 12_640, 2_360, 200_000]),
)
def test_any_right_amount_in_any_writing(draft: str, way: str, value: int) -> None:
    assert faults(draft.format(write(way, value))) == []


@given(
    st.sampled_from(DRAFTS), st.sampled_from(SHARE_WAYS), st.integers(min_value=0, max_value=100)
)
def test_any_share_in_any_writing(draft: str, way: str, percent: int) -> None:
    right = percent in (12, 88, 85)
    found = [kind for kind, _ in faults(draft.format(write(way, percent)))]
    assert (Fault.FIGURE not in found) is right


@given(st.text(max_size=80))
def test_any_draft_is_judged(draft: str) -> None:
    verify(draft, EVIDENCE)
