"""Reading a case: every field checked, nothing guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.settlement.facts import FACTS, INSURANCES, Fact, Value
from tools.settlement.ledger import CENT
from tools.settlement.scheme import Scheme, Schemes

MOST = Decimal(1_000_000_000)
"""Largest amount in yuan; of no policy, it only keeps nonsense out."""
_RATE_DECIMALS = Decimal("0.000001")
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)


class InvalidCase(ValueError):  # noqa: N818 - the name of the contract
    """A field that can't be right; the reason is a Chinese sentence for whoever filled it in."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Case:
    """A checked case. Region, insurance and benefit are empty where they were not stated."""

    region: str
    insurance: str
    benefit: str
    facts: Mapping[str, Value]


def loads(text: str | bytes) -> Any:
    """Read JSON without rounding a figure: numbers with a point become `Decimal`.

    Raises:
        InvalidCase: not JSON, or a field twice.
    """
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_int=lambda digits: int(digits) if len(digits) < 20 else Decimal(digits),
            parse_constant=Decimal,
            object_pairs_hook=_no_field_twice,
        )
    except InvalidCase:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidCase("case", "内容不是能读懂的 JSON") from error


def parse(case: object, known: Schemes) -> Case:
    """Check a case: one flat object of the contract's fields. A field that is None is unsaid.

    Raises:
        InvalidCase: the first field at fault.
    """
    if not isinstance(case, Mapping):
        raise InvalidCase("case", "一个案例是一组“字段：值”")
    for name in case:
        if name not in FACTS and name not in ("region", "insurance", "benefit"):
            raise InvalidCase(str(name)[:40], "没有这个字段")
    stated = {name: value for name, value in case.items() if value is not None}
    region = _word(stated, "region", known.regions)
    insurance = _word(stated, "insurance", INSURANCES)
    benefit = _word(stated, "benefit", known.benefits)
    scheme = known.get((region, insurance))
    facts = {
        name: _value(FACTS[name], value, scheme) for name, value in stated.items() if name in FACTS
    }
    _check_together(facts)
    return Case(region, insurance, benefit, facts)


def _no_field_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        twice = next(name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1)
        raise InvalidCase(twice[:40], "这个字段写了两次")
    return fields


def _word(stated: Mapping[str, object], name: str, words: Mapping[str, str]) -> str:
    value = stated.get(name, "")
    if name in stated and (not isinstance(value, str) or value not in words):
        raise InvalidCase(name, f"只能是：{_listed(words)}")
    return str(value)


def _listed(words: Mapping[Any, str]) -> str:
    return "、".join(f"{word}（{label}）" for word, label in words.items())


def _value(fact: Fact, value: object, scheme: Scheme | None) -> Value:
    match fact.kind:
        case "choice":
            return _choice(fact, value, scheme)
        case "flag":
            if not isinstance(value, bool):
                raise InvalidCase(fact.name, f"{fact.label}：只能是 true（是）或 false（不是）")
            return value
        case "integer":
            return _whole(fact, value)
        case "amount":
            return _decimal(fact, value, MOST, CENT, "最多两位小数")
        case "rate":
            return _decimal(fact, value, Decimal(1), _RATE_DECIMALS, "最多六位小数")


def _choice(fact: Fact, value: object, scheme: Scheme | None) -> str:
    labels = scheme.labels(fact.name) if scheme else fact.values
    whole = isinstance(value, int | Decimal) and not isinstance(value, bool)
    word = str(value) if whole else value
    if not isinstance(word, str) or word not in labels:
        raise InvalidCase(fact.name, f"{fact.label}：只能是 {_listed(labels)}")
    return word


def _whole(fact: Fact, value: object) -> int:
    number = value
    if isinstance(value, Decimal) and value.is_finite() and abs(value) < MOST:
        number = int(value) if value == int(value) else value
    if type(number) is not int:
        raise InvalidCase(fact.name, f"{fact.label}：请填整数")
    if not fact.least <= number <= fact.most:
        raise InvalidCase(fact.name, f"{fact.label}：要在 {fact.least} 到 {fact.most} 之间")
    return number


def _decimal(fact: Fact, value: object, most: Decimal, step: Decimal, decimals: str) -> Decimal:
    number = _number(value)
    if number is None or not number.is_finite():
        raise InvalidCase(fact.name, f"{fact.label}：请用数字写，例如 1234.50")
    if number < 0:
        raise InvalidCase(fact.name, f"{fact.label}：不能是负数")
    if number > most:
        raise InvalidCase(fact.name, f"{fact.label}：不能超过 {most:,}")
    exact = number.quantize(step)
    if exact != number:
        raise InvalidCase(fact.name, f"{fact.label}：{decimals}")
    return exact


def _number(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value):
        return Decimal(value)
    return None


def _check_together(facts: Mapping[str, Value]) -> None:
    """Amounts that are parts of another can't exceed it."""

    def amount(name: str) -> Decimal:
        value = facts.get(name, 0)
        return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)

    if "expense" in facts:
        if amount("class_b") + amount("class_c") > amount("expense"):
            name = "class_b" if amount("class_b") > amount("expense") else "class_c"
            raise InvalidCase(name, "乙类加丙类费用不能超过医保范围内的费用")
        if amount("bed_days") * amount("bed_price") > amount("expense"):
            raise InvalidCase("bed_price", "床位费（天数 × 每天价格）不能超过医保范围内的费用")
    if "personal_burden" in facts and amount("class_b_burden") > amount("personal_burden"):
        raise InvalidCase("class_b_burden", "乙类部分不能超过自己负担的总额")
