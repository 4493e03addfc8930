"""A message without the city of insurance, as clauses are searched for it."""

from __future__ import annotations

import re

from bot.understanding.places import Places, Role
from bot.understanding.text import to_the_point

_YES = re.compile(r"^我?是的(?=，)")
_CARED_FOR = re.compile(r"还?(?:能|可以)?(?:看病|看门诊|刷|配药|买药|用卡|拿药)")
"""在无锡还能刷卡吗: the city is where one is treated."""


def without_place(message: str, places: Places) -> str:
    """Leave out the city of insurance, of which every clause speaks, and a greeting after it."""
    for mention in reversed(places.mentions):
        place = mention.found.place
        if mention.role >= Role.BARE and place.region and place.code and not place.county:
            before, after = message[: mention.found.start], message[mention.found.end :]
            here = before.endswith(("在", "回", "回到")) and _CARED_FOR.match(after)
            message = f"{before}{'本地' if here else ''}{after}"
    return to_the_point(_YES.sub("", message.strip("，。 ")))
