"""One question back to the patient, with choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.answering.draft import Draft
from bot.answering.naming import INSURANCES
from bot.reply import Status
from bot.understanding.choices import Pending
from bot.understanding.facts import FactValue
from tools.settlement import FACTS

_NUMBERS = "①②③④⑤⑥⑦⑧⑨"
_DONT_KNOW = "不清楚"


def ask(fact: str, question: str, choices: Mapping[Any, str]) -> Draft:
    """Ask for one fact.

    Args:
        fact: ``region``, ``insurance``, ``benefit`` or a fact of the settlement tool.
        question: one short sentence.
        choices: label by value, in the order shown.
    """
    labels = tuple(choices.values())
    listed = " ".join(f"{_NUMBERS[i]} {label}" for i, label in enumerate(labels[:9]))
    text = f"{question} {listed}".strip() if labels else question
    follow_ups = (*labels, _DONT_KNOW) if fact not in ("region", "expense") else labels
    return Draft(
        Status.CLARIFY,
        text,
        follow_ups=follow_ups,
        pending=Pending(fact=fact, choices=tuple(choices), labels=labels),
    )


def ask_insurance() -> Draft:
    """Ask which scheme the patient is in."""
    question = "职工医保和居民医保的规定不一样，请问您参加的是哪一种？"
    return ask("insurance", question, INSURANCES)


def ask_fact(
    fact: str,
    *,
    choices: Sequence[FactValue] | None = None,
    leave_out: Sequence[FactValue] = (),
    names: Mapping[Any, str] | None = None,
    question: str | None = None,
    lead: str = "",
) -> Draft:
    """Ask for a fact of the settlement tool, in its own words.

    Args:
        fact: its name.
        choices: the values to offer; None: all.
        leave_out: values not to offer.
        names: the scheme's own labels of the values, where it has some.
        question: instead of the fact's own.
        lead: a sentence to go before.
    """
    known = FACTS[fact]
    names = names or dict[Any, str](known.values)
    values = tuple(names) if choices is None else choices
    labels = {v: names.get(v, str(v)) for v in values if v not in leave_out}
    return ask(fact, lead + (question or known.question), labels)
