"""Amounts of money in messages: what people write and say, and what is none."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.amounts import Amount, read_amounts
from bot.understanding.text import normalise


def read(message: str) -> list[Amount]:
    return list(read_amounts(normalise(message)))


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("两万五", ["25000"]),
        ("3千8", ["3800"]),
        ("住院花了1.5万", ["15000"]),
        ("一万二千六百四十", ["12640"]),
        ("一共12,640.00元", ["12640"]),
        ("一共１２，６４０．００元", ["12640"]),
        ("2w", ["20000"]),
        ("花了3k", ["3000"]),
        ("花了15000", ["15000"]),
        ("15000", ["15000"]),
        ("住院15000报多少", ["15000"]),
        ("一共三万六,其中自费两千", ["36000", "2000"]),
        ("总费用36000，自费2000，乙类5000", ["36000", "2000", "5000"]),
        ("总费用36000\n自费2000", ["36000", "2000"]),
        ("医药费￥3,200.50", ["3200.50"]),
        ("二级医院住院三天花了5千", ["5000"]),
        ("两万五千八百六十三块四", ["25863.4"]),
        ("12块8的药", ["12.8"]),
        ("卡里还有80", ["80"]),
        ("卡里还有80块", ["80"]),
        ("费用 3 万 元", ["30000"]),
        ("我70岁，退休，三级医院，花了十二万八", ["128000"]),
        ("2019年9月在二级医院住院8000", ["8000"]),
        ("花了贰万伍仟圆", ["25000"]),
    ],
)
def test_amounts(message: str, values: list[str]) -> None:
    assert [amount.value for amount in read(message)] == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("message", "value", "upper"),
    [
        ("一万来块", "10000", None),
        ("5千多", "5000", None),
        ("小两万", "20000", None),
        ("十来万", "100000", None),
        ("百八十块", "100", None),
        ("千把块", "1000", None),
        ("万把块钱", "10000", None),
        ("二十几万", "200000", None),
        ("三万左右", "30000", None),
        ("大概花了一万二", "12000", None),
        ("不到两万", "20000", None),
        ("一万出头", "10000", None),
        ("七八千", "7000", "8000"),
        ("3-4万", "30000", "40000"),
        ("两万到三万", "20000", "30000"),
    ],
)
def test_loose_amounts_are_marked(message: str, value: str, upper: str | None) -> None:
    (amount,) = read(message)
    assert amount.value == Decimal(value)
    assert amount.upper == (upper and Decimal(upper))
    if "大概花了" not in message:
        assert amount.approximate


@pytest.mark.parametrize(
    ("message", "unit"), [("花了3000元", True), ("三千块", True), ("三千", False)]
)
def test_whether_the_unit_is_said(message: str, *, unit: bool) -> None:
    (amount,) = read(message)
    assert amount.unit is unit


@pytest.mark.parametrize(
    "message",
    [
        "我爸70岁了",
        "七十岁以上",
        "2019年9月的政策",
        "2020年住院的",
        "报80%吗",
        "百分之八十",
        "打八折",
        "第二次住院",
        "第3次",
        "住了3天",
        "两个孩子",
        "12种慢性病",
        "三级医院和二级医院",
        "5个工作日内",
        "满6个月",
        "缴费满25年",
        "13812345678",
        "电话0510-81880202",
        "打12393问",
        "12333能查吗",
        "320211199001011234",
        "6222021001012345678",
        "血压180能办门慢吗",
        "血压160/100",
        "血糖12.5",
        "2型糖尿病",
        "高血压三期",
        "住院号123456",
        "邮编214000",
        "万一住院怎么办",
        "千万别忘了",
        "一起办可以吗",
        "几万块",
        "18种特殊诊疗",
        "18mm的结石",
        "三免四减半",
        "周一到周五上班吗",
        "叫了120",
        "早上8点30分",
        "",
    ],
)
def test_what_is_no_money(message: str) -> None:
    assert read(message) == []


@given(
    st.decimals(min_value=1000, max_value=999_999, places=2),
    st.sampled_from(
        WAYS := [
            "住院花了{:.2f}",
            "一共{:.2f}元",
            "总费用{:,.2f}",
            "医药费：{:.2f}元，能报多少",
            "{:,.2f}元",
        ]
    ),
)
def test_every_written_amount_is_read(value: Decimal, way: str) -> None:
    assert [amount.value for amount in read(way.format(value))] == [value]


def test_where_an_amount_stands() -> None:
    text = normalise("一共三万六，其中自费两千块")
    assert [text[a.start : a.end] for a in read_amounts(text)] == ["三万六", "两千块"]


def test_reading_takes_well_below_a_millisecond() -> None:
    text = normalise("我爸住院一共花了三万六，其中自费两千，乙类5000，他70岁，二级医院")
    assert min(_seconds(text) for _ in range(20)) < 0.001


def _seconds(text: str) -> float:
    began = time.perf_counter()
    read_amounts(text)
    return time.perf_counter() - began
