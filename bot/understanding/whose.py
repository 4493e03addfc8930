"""Questions of which of two places' rules holds: 药按哪边的目录, 报销照上海还是照无锡."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.understanding.inquiry import speaks_of_care_elsewhere
from bot.understanding.places import Places
from bot.understanding.topics import Intent, Topic
from bot.understanding.world import World

_BY_PLACE = "按就医地还是参保地的目录和标准"
"""What is asked, in the documents' words."""
_RULES = r"(?:目录|政策|标准|规定|规矩|待遇|名单|单子|册子|本子)"
_RULE = r"(?:门槛|起付|付线|比例|成数|封顶|顶线|目录|政策|标准|规定|待遇)"
_SIDE = r"(?:哪[里儿边头块](?:边|头|个)?|哪个?(?:地方|城市|市|省)|谁家?|哪家)"
_BETWEEN = re.compile(
    rf"(?:按照?|照|依|(?:看|用|认|执行)(?=[^，。？]{{1,8}}{_RULES})|(?<={_RULE})(?:看|用|认|算|随))"
    r"[^，。？]{1,10}还是[^，。？]{1,10}"
)
_ONE_OF = re.compile(
    rf"(?:按照?|照|依|算|随|跟|听)着?(?:的?是)?{_SIDE}的?{_RULES}?(?!医院)"
    rf"|(?:看|用|认|执行)着?(?:的?是)?{_SIDE}的?{_RULES}"
    rf"|(?:看|用|认)?的?(?:是不是)?同?(?:一|哪)[本个份套]{_RULES}(?:一样)?"
)
_PART = re.compile(r"[^，。？；]+")


def said_of(message: str, places: Places, world: World, *, away: bool) -> str | None:
    """Return the message with the question of whose rules hold in the documents' words, if any.

    Args:
        message: normalised.
        places: those that it names.
        world: the library's places.
        away: care elsewhere is what the conversation is about.
    """
    named = [mention.found.start for mention in places.mentions]
    between = _BETWEEN.search(message)
    if between and any(between.start() <= start < between.end() for start in named):
        return world.placeless(f"{message[: between.start()]}{_BY_PLACE}{message[between.end() :]}")
    elsewhere = away or places.care or speaks_of_care_elsewhere(message)
    if elsewhere and _ONE_OF.search(message):
        return world.placeless(_ONE_OF.sub(_BY_PLACE, message))
    return None


def without_figures(message: str, topic: Topic) -> Topic:
    """A question of whose rules hold asks for no figure, unless it does so beside."""
    parts = (part[0] for part in _PART.finditer(message))
    beside = "".join(p for p in parts if not (_BETWEEN.search(p) or _ONE_OF.search(p)))
    if topic.kinds and re.search(r"多少|几[成个百千]", beside):
        return topic
    return replace(topic, intent=Intent.FIGURE, kinds=())
