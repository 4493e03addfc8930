"""Figures in every writing: the same number reads the same."""

from __future__ import annotations

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.figures import Figure, Kind, evaluate, read_figures


def read_one(text: str) -> Figure:
    (figure,) = read_figures(text)
    assert (figure.start, figure.end) == (0, len(text))
    return figure


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12,640.00", "12640"),
        ("1.264万", "12640"),
        ("一万二千六百四十", "12640"),
        ("1万2千6百40", "12640"),
        ("壹万贰仟陆佰肆拾", "12640"),
        ("两万五", "25000"),
        ("两万零五", "20005"),
        ("二万五百", "20500"),
        ("3千8", "3800"),
        ("2w3", "23000"),
        ("三点五万", "35000"),
        ("十二万八", "128000"),
        ("1亿2千万", "120000000"),
        ("一百零八", "108"),
        ("三百五", "350"),
    ],
)
def test_numbers(written: str, value: str) -> None:
    assert read_one(written).value == Decimal(value)


@pytest.mark.parametrize(
    ("written", "percent"),
    [
        ("10%", "10"),
        ("百分之十", "10"),
        ("一成", "10"),
        ("十分之一", "10"),
        ("百分之八十七点五", "87.5"),
        ("百分之37.5", "37.5"),
        ("六成半", "65"),
        ("八折", "80"),
        ("七五折", "75"),
        ("10个百分点", "10"),
        ("5‰", "0.5"),
        ("四分之一", "25"),
        ("一半", "50"),
        ("减半", "50"),
        ("百分之百", "100"),
        ("全额", "100"),
        ("八十八%", "88"),
    ],
)
def test_shares(written: str, percent: str) -> None:
    figure = read_one(written)
    assert (figure.kind, figure.value) == (Kind.SHARE, Decimal(percent))


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("6个月", "6", "month"),
        ("六个月", "6", "month"),
        ("半年", "6", "month"),
        ("一年半", "18", "month"),
        ("5年", "60", "month"),
        ("30天", "30", "day"),
        ("30日", "30", "day"),
        ("两周", "14", "day"),
        ("6个工作日", "6", "workday"),
        ("12小时", "12", "hour"),
        ("70周岁", "70", "age"),
        ("七十岁", "70", "age"),
    ],
)
def test_times(written: str, value: str, unit: str) -> None:
    figure = read_one(written)
    assert (figure.kind, figure.value, figure.unit) == (Kind.COUNT, Decimal(value), unit)


@pytest.mark.parametrize(
    ("written", "kind", "code"),
    [
        ("2019年9月", Kind.DATE, "2019-09"),
        ("2019-09", Kind.DATE, "2019-09"),
        ("二〇一九年九月", Kind.DATE, "2019-09"),
        ("2024年6月30日", Kind.DATE, "2024-06-30"),
        ("2024/6/30", Kind.DATE, "2024-06-30"),
        ("6月30日", Kind.DATE, "-06-30"),
        ("十一月一日", Kind.DATE, "-11-01"),
        ("2020年", Kind.DATE, "2020"),
        ("0510-81880202", Kind.PHONE, "051081880202"),
        ("0519-12333", Kind.PHONE, "051912333"),
        ("http://si.12333.gov.cn", Kind.URL, "si.12333.gov.cn"),
        ("http:/218.90.158.61", Kind.URL, "218.90.158.61"),
    ],
)
def test_dates_telephones_addresses(written: str, kind: Kind, code: str) -> None:
    figure = read_one(written)
    assert (figure.kind, figure.code) == (kind, code)


@pytest.mark.parametrize(
    "text", ["第二次", "第3次", "三级医院", "2级", "三甲", "二类", "II类", "第三"]
)
def test_names_are_no_quantities(text: str) -> None:
    assert {figure.kind for figure in read_figures(text)} == {Kind.LABEL}


@pytest.mark.parametrize(
    "text",
    [
        "一般",
        "一定",
        "一起",
        "万一",
        "千万别",
        "四川",
        "三亚",
        "十分",
        "老百姓",
        "六安",
        "统一",
        "一块去",
        "百度",
        "三免四减",
        "五险一金",
        "周一",
    ],
)
def test_words_with_numerals_are_no_figures(text: str) -> None:
    assert read_figures(text) == ()


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("三四万", [("30000", "40000")]),
        ("十七八万", [("170000", "180000")]),
        ("3-4万", [("30000", None), ("40000", None)]),
        ("50到60%", [("50", None), ("60", None)]),
        ("2万到5万", [("20000", None), ("50000", None)]),
    ],
)
def test_ranges(text: str, ends: list[tuple[str, str | None]]) -> None:
    found = [(str(f.value), None if f.upper is None else str(f.upper)) for f in read_figures(text)]
    assert [(Decimal(v), u and Decimal(u)) for v, u in found] == [
        (Decimal(v), u and Decimal(u)) for v, u in ends
    ]


@given(st.integers(min_value=11, max_value=999_999_999))
def test_every_integer_in_characters(number: int) -> None:
    assert evaluate(cn2an.an2cn(str(number))) == number


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=99))
def test_every_amount_with_separators(yuan: int, cents: int) -> None:
    written = f"{yuan:,}.{cents:02}元"
    assert read_one(written).value == Decimal(f"{yuan}.{cents:02}")


@given(
    st.text(st.sampled_from("零一二三十百千万亿点半0123456789.,%％元块年月日第个成折-到两几多来"))
)
def test_no_numeral_is_too_odd(text: str) -> None:
    last = 0
    for figure in read_figures(text):
        assert last <= figure.start < figure.end <= len(text)
        last = figure.end
