"""How a patient went to the place of care, from all that is said of it."""

from __future__ import annotations

import re

from bot.understanding.cues import cues
from bot.understanding.facts import FactValue, Stated
from bot.understanding.inquiry import denies_care_elsewhere
from bot.understanding.known import Known
from bot.understanding.places import Places
from bot.understanding.world import World

UNREGISTERED = next(cue for route, cue in cues("facts", "route") if route == "unregistered")
"""What tells that one went without registering."""
_SUDDEN = re.compile(r"突发|突然|抢救|急危重|(?<!不是)(?<!不算)(?<!没有)急[诊病症]")
_NOT_SUDDEN = re.compile(r"(?:(?<!是)不是|不算|没有)(?:突发)?急[诊病症]")


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
        known.away = False
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
    if places.care or "route" in stated.facts or known.facts.get("route", "local") == "local":
        return False
    here = [m.found.start for m in places.mentions if m.found.place.region == known.region]
    return any(message[:start].endswith("在") for start in here)


def _alone(stated: Stated) -> bool:
    """Going without the hospital's referral is said, and no other route."""
    return stated.facts.get("referral") == "unreferred" and "route" not in stated.facts
