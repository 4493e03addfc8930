"""Numbers of persons never pass; figures of a bill and of an office always do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import MASK, mask

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_card(front: str) -> str:
    """A number with the right check digit."""
    total = sum(w * int(d) for w, d in zip(WEIGHTS, front, strict=True))
    return front + "10X98765432"[total % 11]


@pytest.mark.parametrize(
    "message",
    [
        "身份证32020219900101123X",
        "身份证32020219900101123x能查吗",
        "320202 19900101 1234",
        "320202-19900101-1234",
        "３２０２０２１９９００１０１１２３４",
        "3 2 0 2 0 2 1 9 9 0 0 1 0 1 1 2 3 X",
        "老身份证320202900101123",
        "卡号6222 0210 0101 2345 678",
        "卡号6222021001012345678",
        "卡号6222-0210-0101-2345",
        "电话13812345678",
        "138-1234-5678",
        "138 1234 5678",
        "1381234 5678",
        "138 12345678",
        "+86 13812345678",
        "0086-138-1234-5678",
        "１３８１２３４５６７８",
        "1 3 8 1 2 3 4 5 6 7 8",
        "138\u200b1234\u200b5678",
        "一三八一二三四五六七八",
        "幺三八零零幺二三四五六",
        "微信wx13812345678",
        "13812345678,13912345678",
        "13812345678.32020219900101123X",
        "13812345678万一打不通",
        "١٣٨١٢٣٤٥٦٧٨",
    ],
)
def test_numbers_of_persons_are_masked(message: str) -> None:
    masked = mask(message)
    assert MASK in masked
    assert not re.search(r"[\d一二三四五六七八九幺]", masked.replace("+86", "").replace("万一", ""))


@pytest.mark.parametrize(
    "message",
    [
        "花了12,640.00元",
        "总费用15000，自费2000",
        "0510-81880202",
        "电话0510-81880202、0511-85340390",
        "0510-81880202 0511-85340390",
        "(0510)81880202",
        "打12393或12333",
        "021-63030099",
        "2019年9月1日到2020-01-31",
        "2019-09-01 2020-10-01",
        "15000 2019 70",
        "400-820-8820",
        "一万二千六百四十",
        "二〇一九年九月",
        "住院3次，分别是12000 8000 5000",
        "1000000000元",
        "http://218.90.158.61",
        "",
    ],
)
def test_everything_else_stays(message: str) -> None:
    assert mask(message) == message


SEPARATORS = st.sampled_from(["", " ", "-", "－", "　", " - "])


@given(st.from_regex(r"[1-9][0-9]{16}", fullmatch=True), SEPARATORS, st.data())
def test_an_id_card_split_anywhere(front: str, separator: str, data: st.DataObject) -> None:
    number = id_card(front)
    cut = data.draw(st.integers(1, 17))
    written = f"{number[:cut]}{separator}{number[cut:]}"
    assert mask(f"我的是{written}，谢谢") == f"我的是{MASK}，谢谢"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), SEPARATORS)
def test_a_mobile_number_in_its_groups(number: str, separator: str) -> None:
    written = separator.join([number[:3], number[3:7], number[7:]])
    assert mask(f"打{written}给我") == f"打{MASK}给我"


@given(st.decimals(min_value=0, max_value=999_999_999, places=2))
def test_no_amount_is_masked(amount: object) -> None:
    for written in (f"花了{amount}元", f"花了{amount:,}", f"{amount}"):
        assert mask(written) == written


@given(st.text(max_size=60))
def test_masking_twice_masks_the_same(message: str) -> None:
    assert mask(mask(message)) == mask(message)
