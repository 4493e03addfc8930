"""The same figure is the same however it is written."""

from __future__ import annotations

import pytest

from corpus.figures import figures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("20万元", "200,000 元"),
        ("12.5万元", "125000元"),
        ("２０ ％", "20%"),
        ("三个月内", "3 个月内"),
        ("三十日", "30 天"),
        ("十个百分点", "10 个百分点"),
        ("70周岁", "70 岁"),
        ("一式两份", "2 份"),
        ("2019年09月", "2019 年 9 月"),
        ("0511—12333", "0511-12333"),
        ("http:/218.90.158.61", "（http://218.90.158.61）"),
        ("网址 si.12333.gov.cn", "http://si.12333.gov.cn)"),
    ],
)
def test_two_writings_of_one_figure_match(one: str, other: str) -> None:
    pairs = list(zip(figures(one), figures(other), strict=True))
    assert pairs
    assert all(a.matches(b) for a, b in pairs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("20万元", "20 元"),
        ("30 元", "30%"),
        ("6个月", "6个工作日"),
        ("0510-1234567", "0510-1234568"),
    ],
)
def test_different_figures_do_not_match(one: str, other: str) -> None:
    [a], [b] = figures(one), figures(other)
    assert not a.matches(b)


def test_a_cell_without_a_unit_agrees_with_any_unit() -> None:
    [cell], [amount], [share] = figures("| 400 |"), figures("400 元"), figures("400%")
    assert cell.matches(amount)
    assert cell.matches(share)


@pytest.mark.parametrize("text", ["一般", "第二次", "第 3 次住院", "统一办理", "三免四减半"])
def test_words_and_ordinals_are_no_figures(text: str) -> None:
    assert list(figures(text)) == []


def test_a_figure_knows_where_it_stands() -> None:
    text = "起付线 400 元，三个月内办理"
    assert [text[f.start :].startswith(f.written) for f in figures(text)] == [True, True]
