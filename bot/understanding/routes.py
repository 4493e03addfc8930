"""How a patient went to the place of care, from all that is said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.understanding.cues import cues
from bot.understanding.facts import FactValue, Stated
from bot.understanding.inquiry import denies_care_elsewhere, speaks_of_care_elsewhere
from bot.understanding.known import Known
from bot.understanding.places import Places
from bot.understanding.world import World

UNREGISTERED = next(cue for route, cue in cues("facts", "route") if route == "unregistered")
"""What tells that one went without registering."""
_SUDDEN = re.compile(r"突发|突然|抢救|急危重|(?<!不是)(?<!不算)(?<!没有)急[诊病症]")
_NOT_SUDDEN = re.compile(r"(?:(?<!是)不是|不算|没有)(?:突发)?急[诊病症]")

_CLAUSE = re.compile(r"[^，。；？！]+")
_CARE = re.compile(
    r"[看治住做][了过的]|看病|看门诊|就[医诊]|治疗|住院|手术|开刀|医院|检查|化疗|透析|[花用]了|报|转|备案|刷|买药|配药|急"
)
_LIVES = re.compile(
    r"打工|上班|工作|做事|做生意|干活|跑(?:车|运输)|读书|上学|念书|大学|定居|安家|户口|[人的]$|[人的](?=不)"
    r"|在(?:外[地面省头]|省外)了?$"
)
"""居民，我在外面打工，过年回来交的: where one lives says nothing of where one was treated."""
_IN_THOSE_PARTS = re.compile(
    r"那[边里儿][^，。；？！]{0,6}(?:医院|[住看治做][了过的]|住院|手术|开刀)"
)
_HOSPITAL = re.compile(
    r"(?!.{0,6}(?:[医社]保|职工|居民|参保|农合|退休))[^，。；？！]{0,8}?(?:医院|卫生院|保健院|分院)"
)
_THERE = re.compile(
    r"(?![^，。；？！]*(?:报|起付|门槛|比例))"
    r"[^，。；？！]{0,8}?(?:[住看治做][了过的]|住院|手术|开刀|医院|卫生院|化疗|透析|[花用]了)"
)
_BACK = re.compile(
    r"(?:(?<!老家)回来|回家)[^，。；？！]{0,4}(?:[住看治做][了过的]|住院|手术|开[了的过]?刀|看病|医治)"
)
"""在温州做鞋，回来开的刀: care was where one came back to."""
_UNMADE = re.compile(
    r"[^，。；？！]*(?:要|想|打算|建议|叫|让|劝)[^，。；？！]*[转去到来][^，。；？！]*，"
    r"[^，。；？！]{0,4}(?:[没未]有?(?:(?:去|转|走)成?|来得?及|成)了?|算了|作罢)(?=[，。；]|$)"
)
"""A way that was only spoken of: 医生说要转到南昌去，他没去."""
_NOT_GONE = re.compile(r"[没未]有?(?:去成|转成|走成|转走|去得?了)")


def without_unmade(message: str) -> str:
    """Return a normalised message without the way elsewhere that was not gone after all."""
    return _UNMADE.sub("", message).strip("，。；") or message


def take_care(
    message: str,
    known: Known,
    places: Places,
    compared: Sequence[FactValue] | None,
    world: World,
) -> None:
    """Take in where care was or will be, away from home; of cities compared none is elsewhere.

    Where one lives or works says nothing sure of it, and nothing where care is told to be at home.
    """
    _find_home(known, world)
    care = tuple(place for place in places.care if not world.covers(place, compared))
    away = [part for part in _CLAUSE.findall(message) if speaks_of_care_elsewhere(part)]
    lives = [part for part in away if _LIVES.search(part) and not _CARE.search(part)]
    there = not places.lived_in or _IN_THOSE_PARTS.search(message)
    back = _back_home(message, places)
    sure = len(away) > len(lives) or bool(care and there and not back)
    here = not sure and (back or treated_at_home(message, known, places))
    known.here = here or (known.here and not sure)
    if here:
        known.away = known.lives_away = False
        if known.facts.get("route", "local") != "local":
            known.facts["route"] = "local"
    if not sure and (known.here or not (care or lives)):
        return
    known.lives_away = not sure and (known.lives_away or not known.away)
    known.care = care or known.care
    known.away = True


def _find_home(known: Known, world: World) -> None:
    """Care told before the place of insurance was known may turn out to have been there."""
    if known.region is None or not known.away:
        return
    elsewhere = tuple(place for place in known.care if not world.covers(place, (known.region,)))
    if elsewhere or not known.care:
        return
    known.care, known.away, known.lives_away, known.here = (), False, False, True
    if known.facts.get("route") == "emergency":
        del known.facts["route"]


def _back_home(message: str, places: Places) -> bool:
    """Whether care came after one was back from where nothing is said of care."""
    back = _BACK.search(message)
    if back is None or _IN_THOSE_PARTS.search(message):
        return False
    before = message[: back.start()]
    away = [m.found.end for m in places.mentions if m.found.place.name in places.care]
    return places.lived_in or all(
        end <= len(before) and not _CARE.search(before, end) for end in away
    )


def treated_at_home(message: str, known: Known, places: Places) -> bool:
    """Whether a message says that care was in the place of insurance: 住的新余市人民医院."""
    for mention in places.mentions:
        place = mention.found.place
        if place.region is None or place.region != known.region or place.county:
            continue
        there = message[: mention.found.start].endswith(("在", "回", "到"))
        if (_THERE if there else _HOSPITAL).match(message, mention.found.end):
            return True
        if message.startswith(("住院", "住的院"), mention.found.end):
            return True
    return False


def take_route(
    message: str,
    known: Known,
    stated: Stated,
    places: Places,
    before: FactValue | None,
    world: World,
) -> None:
    """Settle how the patient went to the place of care, from all that is said of it."""
    if stated.facts.get("route") == "local" or _at_home(message, known, places, stated):
        known.away = known.lives_away = False
        known.here = True
        known.facts["route"] = "local"
    elif not known.away and denies_care_elsewhere(message):
        known.facts.pop("route", None)
    elif known.away and _SUDDEN.search(message):
        known.facts["route"] = "emergency"
    elif known.facts.get("route") == "emergency" and _NOT_SUDDEN.search(message):
        del known.facts["route"]
        if UNREGISTERED.search(known.question):
            known.facts["route"] = "unregistered"
    elif known.facts.get("route") == "hospital_referral" == before and _alone(stated):
        known.facts["route"] = "self_referral"
    elif (
        known.facts.get("route") == "hospital_referral" != before
        and not known.away
        and "referral" in stated.facts
        and world.tells_referral(known.region, known.insurance, known.benefit)
    ):
        # At home 转诊单 is the community's.
        del known.facts["route"]


def _at_home(message: str, known: Known, places: Places, stated: Stated) -> bool:
    """Care is said to be in the place of insurance, where it was elsewhere before."""
    elsewhere = known.lives_away or known.facts.get("route", "local") != "local"
    told = places.care or "route" in stated.facts
    if told or not elsewhere:
        return False
    here = [m.found.start for m in places.mentions if m.found.place.region == known.region]
    return any(message[:start].endswith("在") for start in here)


def _alone(stated: Stated) -> bool:
    """Going without the hospital's referral is said, and no other route."""
    return stated.facts.get("referral") == "unreferred" and "route" not in stated.facts
