"""Figures are compared by value, however they are written."""

from __future__ import annotations

import pytest

from evals.figures import figures, values


@pytest.mark.parametrize(
    "writing", ["12,640.00 元", "12640", "1.264万", "一万二千六百四十元", "１２６４０", "12640.0元"]
)
def test_one_amount_in_many_writings(writing: str) -> None:
    assert values(writing) == {("number", "12640")}


@pytest.mark.parametrize(
    ("writing", "value"),
    [
        ("两万五", "25000"),
        ("3千8", "3800"),
        ("1万5", "15000"),
        ("1.5万", "15000"),
        ("2万半", "25000"),
        ("一百二", "120"),
        ("两千零五", "2005"),
        ("一万来块", "10000"),
        ("十二种", "12"),
        ("15 万元", "150000"),
        ("2 万至", "20000"),
    ],
)
def test_amounts_as_people_say_them(writing: str, value: str) -> None:
    assert [figure.value for figure in figures(writing)] == [value]


@pytest.mark.parametrize("writing", ["88%", "88 ％", "百分之八十八", "８８%"])
def test_one_share_in_many_writings(writing: str) -> None:
    assert values(writing) == {("percent", "88")}


@pytest.mark.parametrize(
    ("writing", "value"),
    [("七成", "70"), ("七成五", "75"), ("10 个百分点", "10"), ("百分之十二点五", "12.5")],
)
def test_shares_as_people_say_them(writing: str, value: str) -> None:
    assert values(writing) == {("percent", value)}


def test_a_share_is_not_an_amount() -> None:
    assert values("750 元") != values("750%")


def test_telephones_and_addresses_stay_whole() -> None:
    assert values("打 0510-81880202，或看 http://218.90.158.61 。") == {
        ("tel", "051081880202"),
        ("url", "http://218.90.158.61"),
    }


def test_a_lone_chinese_digit_states_nothing() -> None:
    assert not any(figure.explicit for figure in figures("三级医院，一种药，两种情况"))


def test_circled_digits_are_no_figures() -> None:
    assert figures("① 在职 ② 退休") == []


def test_neighbouring_cells_stay_apart() -> None:
    assert [figure.value for figure in figures("| 15 | 20 | 30 |")] == ["15", "20", "30"]
