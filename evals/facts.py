"""The facts a reply may ask for, and how an eval sees in a clarifying reply which one it asks."""

from __future__ import annotations

import re
from typing import Literal, get_args

Fact = Literal[
    "region",
    "insurance",
    "benefit",
    "employment",
    "age",
    "student",
    "hospital_level",
    "referral",
    "route",
    "admission_no",
    "expense",
    "disease_class",
    "delivery_mode",
    "item",
    "drug_group",
    "special_procedure",
    "personal_burden",
    "remaining_cash",
    "local_rate",
    "deductible",
]
FACTS: tuple[Fact, ...] = get_args(Fact)

# What a question on the fact can hardly avoid: every pattern of a row must be found in the reply's
# text or in the choices it offers. Choices rather than terms of art, as questions differ in those.
_SIGNS: dict[Fact, tuple[str, ...]] = {
    "region": ("哪个城市|哪座城市|哪里|哪儿|什么地方|哪个地方|哪个市|参保地|无锡|新余|常州|镇江",
               "城市|哪里|哪儿|地方|参保地|哪个市|无锡.*(?:新余|常州|镇江)"),
    "insurance": ("职工", "居民"),
    "benefit": ("住院|哪一项待遇", "门诊|门慢|大病|特药|生育"),
    "employment": ("在职", "退休"),
    "age": ("岁|年龄",),
    "student": ("学生|少儿|儿童|孩子",),
    "hospital_level": ("级", "医院|医疗机构|社区"),
    "referral": ("转诊|转院",),
    "route": ("备案|转院|转诊|异地|外地",),
    "admission_no": ("第几次|几次|第 ?[一二三123] ?次",),
    "expense": ("多少钱|花了多少|费用|金额|总共|一共",),
    "disease_class": ("什么病|哪种病|哪一类|病种|类",),
    "delivery_mode": ("顺产", "剖宫产|剖腹产"),
    "item": ("哪一项|哪项|项目|产前检查|产检|门诊|分娩",),
    "drug_group": ("特药|什么药|哪种药|药名|赫赛汀",),
    "special_procedure": ("项目|手术|名单|18",),
    "personal_burden": ("负担|自付|自己付",),
    "remaining_cash": ("剩|自付|自己付|现金",),
    "local_rate": ("比例|几成|百分之",),
    "deductible": ("起付|门槛",),
}  # fmt: skip


def asked(text: str) -> tuple[Fact, ...]:
    """The facts that a clarifying reply asks for, judged by its words and choices."""
    return tuple(
        fact for fact, signs in _SIGNS.items() if all(re.search(s, text, re.DOTALL) for s in signs)
    )
