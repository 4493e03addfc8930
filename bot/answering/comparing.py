"""Figures of the policies for the sides of a comparison, side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.answering.choosing import of_care_elsewhere
from bot.answering.draft import Draft, headed, marks
from bot.answering.figures import LAST, label_of, routes_of, rows_of, wanted_of
from bot.answering.naming import INSURANCES
from bot.reply import Status
from bot.understanding.cues import cues
from bot.understanding.facts import FactValue
from bot.understanding.inquiry import Inquiry
from tools.settlement import FACTS, Benefit, Rule, find_benefit, rules, schemes

_CHOOSES = re.compile(r"选|挑|合算|划算|哪[个种样]好|更好")
"""Which of two is better depends on all their figures."""
_STAYS = re.compile(r"住|转院|开刀|手术|[割切]|开(?!药|单|条|转|好|了?(?:药|单|条))|三级|二级")
_ASKS_SAME = re.compile(r"一样|相同|同一|同样")
_OF_MONEY = re.compile(
    r"差[多几]|[多少]拿|报|付|掏|出钱|垫|扣|费|钱|补|亏|贵|[划合]算|便宜|待遇|规[矩定]|大病"
)
_COUNTS = re.compile(r"[几多]少?个?(?:天|日|月|年|次|回|盒|片|家|种)")
_COMPARING = re.compile(r"一样[吗不没么]?|有?什么(?:区别|不同|两样)|在?哪[边头个]")
_WHERE_TO = re.compile(r"[个样]地方|(?:交|送|寄)[到去给]*(?:哪|谁)")
_AND = r"(?:[和跟与同、]|还是)"
_GOING = r"(?:备案|转院?|办|到|去|在|往|住)*"
_BY_CARD = re.compile(r"刷|划卡|结算|垫")
WAYS = {"route", "away", "care"}
"""Of sides that differ in how or where one goes elsewhere, more than figures may be asked."""
_HOME = "在本市看病报多少、起付线多少"
_OF_PERSON = ("region", "insurance", "employment", "disease_class")
"""What persons may differ in together: 爸无锡职工，妈新余居民."""
_KINDS_OF_PERSON = {"student", "employment", "age"}
_SHARED = "都一样的"
_NOTHING_OWN = f"- 只有下面“{_SHARED}”这些"
_SHARE = {"rate", "quota"}
_RATIO = re.compile(r"比例|几成|百分|成数|几个点")
"""The share alone is asked for; 报的差多少 asks for all that makes a difference."""
_BEFORE_SHARE = ("deductible", "threshold", "pay_first")
_ROWS = 10
"""So many figures are told of one side."""

Side = tuple[str, Inquiry]
"""What one side of a comparison is called, and its own question."""


def compare(inquiry: Inquiry) -> Draft | None:
    """Set the figures of each side beside each other; None where the policies don't tell."""
    if not inquiry.kinds and not _asks_sums(inquiry):
        return None
    return next(filter(None, (_compare(inquiry, names) for names in _differing(inquiry))), None)


def by_card(inquiry: Inquiry) -> bool:
    """Whether it is asked how one pays there, not how much."""
    return bool(_BY_CARD.search(inquiry.text))


def _asks_sums(inquiry: Inquiry) -> bool:
    """Whether what is compared may be figures: 办了以后家里的卡还能刷吗 asks for none."""
    if _WHERE_TO.search(inquiry.text):
        return False
    if "care" in inquiry.several and (
        inquiry.facts.get("item") == "outpatient" or by_card(inquiry)
    ):
        return False
    if WAYS & inquiry.several.keys():
        return bool(_OF_MONEY.search(inquiry.text))
    return not _COUNTS.search(inquiry.text)


def sides(inquiry: Inquiry) -> list[Side]:
    """The question of each side by itself; of which way is the cheaper, what one pays on each."""
    names = next(_differing(inquiry), ())
    if not inquiry.kinds and WAYS & set(names) and _asks_sums(inquiry):
        inquiry = replace(inquiry, kinds=("pay_first", "rate"))
    return _sides(inquiry, names)


def chooses(inquiry: Inquiry) -> bool:
    """Whether it is asked which of two benefits is the better one."""
    return "benefit" in inquiry.several and bool(_CHOOSES.search(inquiry.text))


def beside(told: Mapping[str, Draft]) -> Draft | None:
    """Set what is told of each side under its name; None where it is the same of all."""
    if len({draft.text for draft in told.values()}) < 2:
        return None
    silent = all(draft.status is Status.NOT_FOUND for draft in told.values())
    return Draft(
        Status.NOT_FOUND if silent else Status.ANSWERED,
        headed(told),
        figures=frozenset().union(*(draft.figures for draft in told.values())),
    )


def _differing(inquiry: Inquiry) -> Iterator[tuple[str, ...]]:
    """What the sides differ in: first all that persons do, then one thing after another."""
    several = inquiry.several
    of_person = tuple(name for name in _OF_PERSON if name in several)
    together = len(of_person) > 1 and len({len(several[name]) for name in of_person}) == 1
    if together:
        yield of_person
    rest = [name for name in several if not (together and name in of_person)]
    # 门诊 and 住院 are benefits, where both are named as such.
    yield from ((name,) for name in sorted(rest, key=lambda name: name == "item"))


def _sides(inquiry: Inquiry, names: Sequence[str]) -> list[Side]:
    values = (inquiry.several[name] for name in names)
    found = []
    for told in zip(*values, strict=True):
        side, label = replace(inquiry, several={}), ""
        for name, value in zip(names, told, strict=True):
            side = _with(side, name, value)
            label += label_of(side, name, value)
        if (side.region or "", side.insurance) not in schemes() and "insurance" in names:
            side = replace(side, text=f"{INSURANCES[side.insurance or '']}报多少")
        found.append((label, side))
    return found


def _compare(inquiry: Inquiry, names: Sequence[str]) -> Draft | None:
    if names == ("benefit",) and _CHOOSES.search(inquiry.text):
        inquiry = replace(inquiry, kinds=())
    own = _sides(inquiry, names)
    if inquiry.benefit or names == ("benefit",):
        placed = [(label, _placed(side)) for label, side in own]
        if not _any_matters(names, placed) and not _same_for_all(inquiry, names):
            return None
        return _side_by_side(inquiry, placed)
    # No benefit is told: those in which it makes a difference say the same, or a stay is spoken of.
    stays = _STAYS.search(inquiry.text)
    of_each = {
        id_: [(label, _placed(replace(side, benefit=id_))) for label, side in own]
        for id_ in _benefits(own)
    }
    of_each = {id_: sides_ for id_, sides_ in of_each.items() if _any_matters(names, sides_)}
    drafts = {
        id_: _side_by_side(inquiry, of_side)
        for id_, of_side in of_each.items()
        if inquiry.kinds or stays or len(of_each) == 1
    }
    found = {id_: draft for id_, draft in drafts.items() if draft}
    if len({draft.figures for draft in found.values()}) == 1:
        return next(iter(found.values()))
    return found.get("inpatient") if stays else None


def _benefits(own: Iterable[Side]) -> list[str]:
    found = [schemes().get((side.region or "", side.insurance or "")) for _, side in own]
    return list(dict.fromkeys(id_ for scheme in found if scheme for id_ in scheme.benefits))


def _placed(side: Inquiry) -> Inquiry:
    """Name the benefit as the side's scheme does, or the only one that the scheme has."""
    scheme = schemes().get((side.region or "", side.insurance or ""))
    if scheme is None or side.benefit is None or side.benefit in scheme.benefits:
        return side
    own = list(scheme.benefits.values())
    if len(own) == 1:
        return replace(side, benefit=own[0].id)
    names = {name for b in _called(side.benefit) for name in (b.name, *b.also)}
    alike = (b.id for b in own if not names.isdisjoint((b.name, *b.also)))
    return replace(side, benefit=next(alike, None))


def _called(benefit: str) -> Iterator[Benefit]:
    for scheme in schemes().values():
        if benefit in scheme.benefits:
            yield scheme.benefits[benefit]


def _any_matters(names: Sequence[str], own: Iterable[Side]) -> bool:
    """Whether it matters to the policies what the sides differ in."""
    return any(_matters(name, side) for _, side in own for name in names)


def _same_for_all(inquiry: Inquiry, names: Sequence[str]) -> bool:
    """Whether it is asked if persons get the same, of whom the policies make no difference."""
    return _KINDS_OF_PERSON.issuperset(names) and bool(_ASKS_SAME.search(inquiry.text))


def _side_by_side(inquiry: Inquiry, own: Sequence[Side]) -> Draft | None:
    """The figures of each side."""
    if inquiry.kinds:
        # What belongs beside a figure on one side belongs there on each.
        paid = (replace(s, away=s.away or of_care_elsewhere(s)) for _, s in own)
        kinds = tuple(sorted({kind for side in paid for kind in wanted_of(side)}))
        own = [(label, replace(side, kinds=kinds)) for label, side in own]
    columns = {label: sorted(_rows(side), key=_order(inquiry)) for label, side in own}
    if not all(columns.values()):
        return None
    columns = _alike_but_for_names(columns)
    of_share = inquiry.kinds and _SHARE.issuperset(inquiry.kinds)
    if of_share and _alike(columns) and not _RATIO.search(inquiry.text):
        # Who gets the same share may still differ in what comes before it.
        before = replace(inquiry, kinds=(*inquiry.kinds, *_BEFORE_SHARE))
        wider = [(label, replace(side, kinds=before.kinds)) for label, side in own]
        found = {label: sorted(_rows(side), key=_order(before)) for label, side in wider}
        if all(found.values()) and not _alike(found):
            return _draft(before, found, {label: _treated_as(side) for label, side in wider})
    return _draft(inquiry, columns, {label: _treated_as(side) for label, side in own})


def _alike_but_for_names(columns: Mapping[str, Sequence[Rule]]) -> dict[str, list[Rule]]:
    """The rows, without their side's name where they are else the same on every side.

    在职 40,000 元以上 92% and 退休 40,000 元以上 92% are no difference.
    """
    bare = {
        label: [replace(r, text=r.text.replace(label, "").lstrip("的，和 ")) for r in rows]
        for label, rows in columns.items()
    }
    same = set.intersection(*({row.text for row in rows} for rows in bare.values()))
    return {
        label: [
            short if short.text in same else row
            for row, short in zip(rows, bare[label], strict=True)
        ]
        for label, rows in columns.items()
    }


def _alike(columns: Mapping[str, Sequence[Rule]]) -> bool:
    """Whether all sides are told the same."""
    return len({tuple(row.text for row in rows) for rows in columns.values()}) == 1


def _order(inquiry: Inquiry) -> Callable[[Rule], tuple[bool, ...]]:
    """What is asked for comes first; what adjusts it, and what is left open, last."""
    kinds = inquiry.kinds
    return lambda row: (row.kind not in kinds, row.kind in LAST, row.kind == "adjustment")


def _draft(
    inquiry: Inquiry, columns: Mapping[str, Sequence[Rule]], treated: Mapping[str, Sequence[Rule]]
) -> Draft:
    shown = _shown(inquiry, columns, treated)
    lines = []
    if _ASKS_SAME.search(inquiry.text) and _differ(shown):
        lines.append("**不一样。**")
    for label, rows in shown.items():
        lines.append(f"**{label}**")
        lines += [f"- {row.text}{marks(row.cites)}" for row in rows[:_ROWS]] or [_NOTHING_OWN]
    # The sides' names are the patient's own: 73 岁, 第 2 次住院.
    figures = frozenset((*shown, *(row.text for rows in shown.values() for row in rows)))
    return Draft(Status.ANSWERED, "\n".join(lines), figures=figures)


def _differ(shown: Mapping[str, Sequence[Rule]]) -> bool:
    """Whether the sides are told to differ, none of them only left open."""
    own = [
        {row.kind for row in rows} - {*LAST}
        for label, rows in shown.items()
        if rows and label != _SHARED
    ]
    return len(shown) > 1 and all(own) and any(kinds - {"treated_as"} for kinds in own)


def _matters(name: str, side: Inquiry) -> bool:
    """Whether what is compared is of any matter to the side's policy."""
    benefit = find_benefit(side.region, side.insurance, side.benefit)
    fact = "route" if name == "away" else name
    return fact not in FACTS or (benefit is not None and fact in benefit.facts)


def _shown(
    inquiry: Inquiry, columns: Mapping[str, Sequence[Rule]], treated: Mapping[str, Sequence[Rule]]
) -> Mapping[str, Sequence[Rule]]:
    """What the sides differ in, each under its name, then what they share of that asked for.

    Sides that are alike are told once. Where one has nothing of its own, all that they share.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for label, rows in columns.items():
        alike.setdefault(tuple(row.text for row in rows), []).append(label)
    first, *others = ({row.text: row for row in columns[labels[0]]} for labels in alike.values())
    common = [row for row in first.values() if all(row.text in rows for rows in others)]
    said = {row.text for row in common} if others else set()
    own = {}
    for labels in alike.values():
        rules_ = {r.text: r for label in labels for r in treated[label]}
        rows = [row for row in columns[labels[0]] if row.text not in said]
        own["、".join(labels)] = list({r.text: r for r in (*rules_.values(), *rows)}.values())
    if not others:
        return {f"{label}都一样": rows for label, rows in own.items()}
    # A share that the rest is paid by is told, though not of what.
    kinds = {*inquiry.kinds} or ({"rate"} if _ASKS_SAME.search(inquiry.text) else set())
    shared = [r for r in common if r.kind in kinds or (r.kind == "not_stated" and "%" in r.text)]
    if not all(own.values()):
        shared = common
    return {**own, _SHARED: shared} if shared else own


def _with(inquiry: Inquiry, name: str, value: FactValue) -> Inquiry:
    facts = dict(inquiry.facts)
    match name:
        case "region":
            return replace(inquiry, region=str(value))
        case "insurance":
            # Each scheme has classes of its own.
            facts.pop("disease_class", None)
            return replace(inquiry, insurance=str(value), facts=facts)
        case "benefit":
            return replace(inquiry, benefit=str(value))
        case "care":
            return _going_to(inquiry, str(value))
        case "away" if value:
            if facts.get("route") == "local":
                del facts["route"]
            return replace(inquiry, away=True, facts=facts)
        case "away":
            facts["route"] = "local"
            text = _HOME if _OF_MONEY.search(inquiry.text) else inquiry.text
            return replace(inquiry, away=False, facts=facts, text=text)
        case "route":
            facts["route"] = value
            text = _of_way(inquiry.text, value)
            return replace(inquiry, away=value != "local", facts=facts, text=text)
    return replace(inquiry, facts={**facts, name: value})


def _going_to(inquiry: Inquiry, place: str) -> Inquiry:
    """The question of one of the places where care may be."""
    cities = map(str, inquiry.known.several.get("care", ()))
    others = [other for other in cities if other != place]
    parts = re.split(r"(?<=[，。；])", _COMPARING.sub("", inquiry.text))
    text = "".join(p for p in parts if place in p or not any(other in p for other in others))
    for other in others:
        beside = rf"{_AND}{_GOING}{other}|{_GOING}{other}[^，。和跟与同、]{{0,4}}{_AND}|{other}"
        text = re.sub(beside, "", text)
    known = inquiry.known.model_copy(update={"care": (place,), "several": {}})
    return replace(inquiry, text=text, known=known, away=True, reach="")


def _of_way(text: str, way: FactValue) -> str:
    """What is said, without the other ways of going elsewhere."""
    for other, cue in cues("facts", "route"):
        text = text if other == way else cue.sub("", text)
    return text


def _rows(side: Inquiry) -> list[Rule]:
    """The side's figures; those of care elsewhere tell nothing of care at home."""
    at_home = not side.away and side.facts.get("route") == "local"
    return [] if at_home and of_care_elsewhere(side) else rows_of(side)


def _treated_as(side: Inquiry) -> list[Rule]:
    """By which rule the case counts as another: an emergency elsewhere as care at home."""
    known: dict[str, Any] = {f: v for f, v in side.facts.items() if f in FACTS}
    where = side.region or "", side.insurance or "", side.benefit or ""
    found: dict[str, Rule] = {}
    for route in routes_of(side):
        for rule in rules(*where, {**known, "route": route}):
            if rule.kind == "treated_as" and rule.cites and not rule.when:
                found.setdefault(rule.text, rule)
    return list(found.values())
