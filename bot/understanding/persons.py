"""Bills of several persons in one message, told apart: 我爸花了1万，我妈花了5000，各掏多少."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.bill import read_bill
from bot.understanding.cases import BILLED
from bot.understanding.compared import PERSON

_OF_EACH = re.compile(
    r"各[自人]?个?|分别|每人|(?:他们|我们|咱们?)?[两俩]个?人?(?=各|都|分别|[能可]|报|要|自)"
)
_OF_ALL = re.compile(r"各|分别|每人|[都全]|[两俩]个|俩")
_ASKS = re.compile(r"多少|几[成个多]|怎么报|[？?]|算")
_PART = re.compile(r"[^，。；？！]+")


def told_apart(message: str) -> tuple[tuple[str, str], ...]:
    """Return each person and the part of a normalised message that is about them.

    What is said before the first of them, and of all, belongs to each. Empty where not each of
    several persons has a bill of their own.
    """
    if not _OF_EACH.search(message):
        return ()
    before: list[str] = []
    after: list[str] = []
    own: dict[str, list[str]] = {}
    for person, part in _parts(message):
        if person:
            own.setdefault(person, []).append(part)
        elif not own:
            before.append(part)
        elif _OF_ALL.search(part) or _ASKS.search(part):
            after.append(_OF_EACH.sub("", part))
        else:
            own[list(own)[-1]].append(part)
    told = {person: "，".join(parts) for person, parts in own.items()}
    if len(told) < 2 or not all(map(_is_bill, told.values())):
        return ()
    return tuple((p, "，".join((*before, text, *after))) for p, text in told.items())


def _parts(message: str) -> Iterator[tuple[str, str]]:
    """The clauses of a message, each with the person that it names."""
    for part in _PART.findall(message):
        persons = dict.fromkeys(PERSON.findall(part))
        # 我和我老公都住的二级 is said of both.
        yield ("" if len(persons) > 1 else next(iter(persons), ""), part)


def _is_bill(text: str) -> bool:
    bill = read_bill(text)
    return not bill.unclear and len(BILLED & bill.fields.keys()) == 1
