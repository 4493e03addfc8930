"""Hospitals to which the documents say that no referral is needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.answering.choosing import open_to
from bot.answering.draft import mark
from bot.understanding.inquiry import Inquiry
from corpus.blocks import blocks
from corpus.documents import Clause
from tools.settlement import find_benefit

_SPARED = re.compile(
    r"不用转诊[^。]*?约定在(?P<where>[^，。]{2,4}?)[区县市]?各?社区[^。]*?"
    r"直接到(?P<at>[^，。]{2,12}?(?:医院|中心))[^。]*?按转诊的比例"
)


def as_referred(inquiry: Inquiry, clauses: Mapping[str, Clause]) -> tuple[Inquiry, str]:
    """Return the question with the referral that counts as given, and the clause that says so.

    The hospital is named; whether the patient lives or is contracted where the clause is for may
    be left unsaid: then the clause is only told.
    """
    benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
    given = inquiry.facts.get("referral") == "referred"
    if given or benefit is None or "referral" not in benefit.facts:
        return inquiry, ""
    said = f"{inquiry.text} {inquiry.message}"
    for clause in open_to(inquiry, clauses.values()):
        spared = _SPARED.search(clause.text)
        if spared and spared["at"] in said:
            if spared["where"] in said.replace(spared["at"], ""):
                inquiry = replace(inquiry, facts={**inquiry.facts, "referral": "referred"})
            return inquiry, f"{blocks(clause.text)[0].text}{mark(clause.id)}"
    return inquiry, ""
