"""Amounts of money as people write and say them: 两万五, 3千8, 12,640.00元, 2w, 小两万."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.understanding.figures import Figure, Kind, read_figures

# What makes bare digits money: words of paying before them, or of claiming after them.
_PAYING = re.compile(
    r"(?:[花付交缴用费额钱共计掏出报补剩款价垫收贴类金槛]|退(?!休)|[还里面头]有|看了|[这上][次回]|范围[里内]|合规|(?:卡|账户)[里上]|账单|发票|押金|床位|起付线|标准|其中|里[头面边]|当中)"
    r"[^\d，。；！？]{0,4}$"
)
_CLAIMING = re.compile(
    r"^[，。 ]?(?:的?[^\d，。]{0,2}费|的?(?:账单|发票)|[还能可不让给]*以?报|怎么报"
    r"|[是的都全完纯算要]*(?:自[费付]|起付|门槛|(?:目录|医保|范围)外|[甲乙丙]类|自己全)|医保不|[全都部是]*医保)"
)
# What bare digits are otherwise: a number's name before them, a measurement around them.
_NAMED = re.compile(
    r"(?:号|编码|编号|代码|邮编|密码|验证码|血压|高压|低压|血糖|心率|体重|身高|指标|qq|微信)"
    r"[码是为有在到：: ]{0,2}$|[/a-z]$",
    re.IGNORECASE,
)
_A_NIGHT = re.compile(r"床[^。；]{0,12}[一每][天日晚夜](?:是|要|收|算)?$")
"""里头有床位费，一天80."""
_MEASURED = re.compile(r"^(?:/|[a-z])", re.IGNORECASE)
_SERVICE_LINE = re.compile(r"(?!\d*00$)(?:12\d{3}|9[56]\d{3})")
_SURELY_MONEY = 1000
"""From here on bare digits are an amount in a message about a bill."""
_SMALLER = 100
"""From here on where just the figure is told: 上环150呢."""
_CHOICES = 10
"""A number below this one by itself picks a choice, and is no bill."""
_ONLY = re.compile(r"^呢[，。？]?$")
_MISTAKEN = re.compile(r"，?(?:而|并)?不是\d")
_PUT_RIGHT = re.compile(
    r"不是\d[\d.,]*[元块]?钱?，?(?:而|应该|应当)?是$|(?:错了?|不对)，(?:其实|应该|应当)?是$"
)
"""是860不是560, 不是560，是860, 看错了，是560."""
_LONGEST = 6
"""Digits of a bare amount; longer ones are numbers of cards and files."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in yuan and where it stands."""

    start: int
    end: int
    value: Decimal
    unit: bool
    """Whether 元, 块 or ¥ is said."""
    approximate: bool = False
    upper: Decimal | None = None
    """The other end where a range is said: 三四万, 两万到三万."""


def read_amounts(text: str) -> tuple[Amount, ...]:
    """The amounts of a normalised message, in order.

    Ages, dates, shares, telephones, counts, ordinals and hospital levels are none.
    """
    found = [
        Amount(f.start, f.end, f.value, f.kind is Kind.MONEY, f.approximate, f.upper)
        for f in read_figures(text)
        if f.kind is Kind.MONEY or (f.kind is Kind.NUMBER and _is_money(text, f))
    ]
    return tuple(_ranges(text, found))


def _is_money(text: str, figure: Figure) -> bool:
    if figure.value == 0:
        return False
    if not figure.digits and figure.value >= _SMALLER:
        return True
    written = re.sub(r"^\D+|\D+$", "", text[figure.start : figure.end])
    before, after = text[: figure.start], text[figure.end :]
    if _NAMED.search(before) or _MEASURED.match(after):
        return False
    if len(written.split(".")[0].replace(",", "")) > _LONGEST and not _PAYING.search(before):
        return False
    if written == text.strip("，。！？ "):
        return figure.value >= _CHOICES
    if "," in written:
        return True
    if _A_NIGHT.search(before) or _PAYING.search(before) or _CLAIMING.match(after):
        return True
    a_year = re.fullmatch(r"(?:19|20)(?!00)\d\d", written)
    is_name = (a_year or _SERVICE_LINE.fullmatch(written)) and not figure.approximate
    told_alone = _ONLY.match(after) or _MISTAKEN.match(after) or _PUT_RIGHT.search(before)
    return not is_name and figure.value >= (_SMALLER if told_alone else _SURELY_MONEY)


def _ranges(text: str, found: Sequence[Amount]) -> list[Amount]:
    """Two amounts joined by 到 are one, told loosely."""
    joined: list[Amount] = []
    for amount in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.value < amount.value
            and re.fullmatch(r" ?[-~—–至到] ?", text[last.end : amount.start])
        ):
            joined[-1] = replace(
                last, end=amount.end, unit=amount.unit, approximate=True, upper=amount.value
            )
        else:
            joined.append(amount)
    return joined
