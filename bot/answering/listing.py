"""Answers from lists: of institutions, and of diseases, drugs and procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain

from bot.answering import clauses
from bot.answering.asking import ask_insurance
from bot.answering.choosing import OF_FORM, benefits_in, citing, fits_care, open_to
from bot.answering.draft import Draft, mark, marked
from bot.answering.institutions import Institution, Institutions, Named, institution
from bot.answering.naming import INSURANCES
from bot.answering.search import Search
from bot.reply import Status
from bot.retrieval import Passage
from bot.understanding.cues import first_said
from bot.understanding.facts import FactValue
from bot.understanding.gazetteer import same_province
from bot.understanding.inquiry import Inquiry
from bot.understanding.lists import Listed, Lists, enumerated, sentences
from bot.understanding.topics import Intent
from corpus.documents import Clause
from corpus.regions import Region
from tools.settlement import schemes

_BELONGS = re.compile(r"算|属于|归|在不在|是不是")
_ON_LIST = re.compile(
    r"(?<![合划])算(?!账|(?:第|作)?[一二两三几\d]+[次回笔道])|属于|归不归|(?<![不回])归(?![的类])[^，。？]{0,6}[档类种样]|里(?:面|头|边)?有(?:没有|[^，。？]{0,6}[吗么不没](?=$|[，。？]))|包括|包含|能办|能不能办|可以办|办得了|在不在|在(?!哪)[^，。院区市]{0,6}[里内](?:面|头)?(?=$|[吗么嘛？，。不])|哪一?类|第?几类|类还是|类别|同一?类|能享受|纳入"
)
_LISTED = re.compile(
    r"(?:哪[些几两\d一二三四五六七八九十]*[种个类]?|什么)(?:慢性|特殊|大)*(?:病|药(?!店|房)|项目|手术)"
    r"|病种|几种(?!人|情|身份|方)|多少种|(?:病|特药|项目)(?:都|是)?有哪些"
)
_AROUND = 6
"""Clauses looked through for a list of institutions."""
_MOVES = re.compile(r"^(?:那|要是|如果)?[^，。]{0,3}(?:去|到|在|换)")
"""那去杭州看呢 is about another hospital than the last question."""
_ANOTHER = re.compile(
    r"^(?:那|要是|如果|换)?[^，。？]{1,14}(?:呢|有吗|有没有|行吗|行不行|可以吗|能吗)"
)
"""那七院呢 asks of another hospital what was asked of the last one."""
_OF_STEPS = (Intent.PROCEDURE, Intent.MATERIALS, Intent.DEADLINE)
"""A hospital named in such a question is where one is, not what is asked about."""
_BESIDE = re.compile(r"(?:能不能|可不可以|能|可以)(?:跟|和|与|同|一起|一块)")
"""止咳药能跟血压药开在一张单子上吗 asks of no list."""
_OFFICE = re.compile(
    r"(?:医保|社保|医疗保险)(?:基金)?(?:管理)?(?:中心|局|处|所|办(?!理)|大厅|窗口|经办)|经办机构|办事处"
)
_WHERE = re.compile(r"哪(?![些种个样])|位置|地址|电话|号码|怎么走|联系")
_OF_PAPERS = re.compile(
    r"(?:要(?!是)|得|用|需)[^，。？]{0,12}(?:单子?|证明?|手续|备案|登记|表|同意|转[院诊])"
)
"""要不要先开转院证明 is asked of no hospital."""
_OF_CLASS = re.compile(r"[几哪][一个]?类|类还是")
"""Which class a disease is of differs from scheme to scheme."""
_AFTERWARDS = re.compile(r"以后|之后|后续|后[头面]|复[查诊]|术后")
_WHICH = re.compile(r"哪(?:[几些一]|[个家])")
_ANY = re.compile(r"有没有|有[^，。？]{0,10}[吗么不没](?:$|[，。？])|有(?:卖|没)")
"""Whether there is one in a district is asked: 溧阳有卖特药的店吗."""
_SETTLES = re.compile(r"刷|结算?(?!果)|联网|开通|[收认用][^，。]{0,4}卡")
"""Whether or where a visitor's card works is asked."""
_OF_CARDS = re.compile(r"省内|跨省")
"""Columns of a table of hospitals, each for the cards of some places."""
_FEW = 3
_NEAR = 3
"""Among so many clauses found is one that the question is about."""


class Listing:
    """What the lists of the library say of a name, and what they are.

    Args:
        search: finds the lists that a question is about.
    """

    def __init__(self, search: Search) -> None:
        self._search = search
        self._lists = Lists(search.clauses.values())
        self._institutions = Institutions(search.clauses.values())

    def find(self, inquiry: Inquiry) -> Sequence[Listed]:
        """Return the diseases, drugs and procedures named that stand on lists."""
        return self._lists.find(inquiry.text, inquiry.region, inquiry.insurance)

    def office(self, place: str) -> Institution | None:
        """Return the office of a place that any region's documents name."""
        return self._institutions.of_place(place)

    def asked_office(self, inquiry: Inquiry, place: str) -> Institution | None:
        """Return the office of a place, where the question is where it is or how to call it."""
        going_on = any(row.name.startswith(place) for row in self._rows_told(inquiry))
        of_office = going_on or _OFFICE.search(inquiry.text)
        asks = inquiry.intent is Intent.CONTACT or (of_office and _WHERE.search(inquiry.message))
        return self.office(place) if asks else None

    def of_institution(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """Tell of the institution named, where a list of them is what the question is about."""
        if inquiry.county and (office := self.asked_office(inquiry, inquiry.county)):
            return clauses.answer_institution(inquiry, office)
        if (another := self._of_last_list(inquiry, region)) is not None:
            return another
        # The city is left out of the words searched for, but is part of a hospital's name.
        named = self._institutions.named(inquiry.message, region.id)
        if not _MOVES.search(inquiry.message):
            named = named or self._institutions.named(inquiry.text, region.id)
        if named is None and (district := self._of_district(inquiry)):
            return district
        if named is None or inquiry.intent in _OF_STEPS or _OF_PAPERS.search(inquiry.message):
            return None
        asked = self._institutions.unnamed(inquiry.text, region.id)
        around = list(self._search.by_words(inquiry, asked, _AROUND))
        if not named.found:
            # A name that no list has draws none of them nearer.
            around = [*(passage.clause for passage in self._search.passages(inquiry)[:1]), *around]
        near = [clause for clause in around[:_NEAR] if self._institutions.lists(clause)]
        if lists := self._lists_without(inquiry, named):
            return clauses.answer_unlisted(lists[:1], named.name)
        if near and (rows := [f for f in named.found if f.clause in around]):
            return clauses.answer_institution(inquiry, max(rows, key=lambda f: len(f.block.cells)))
        lacking = [clause for clause in around if self._institutions.may_list(clause, named)]
        if near and lacking and inquiry.intent is Intent.MEMBERSHIP:
            return clauses.answer_unlisted(lacking[:1], named.name)
        return None

    def _lists_without(self, inquiry: Inquiry, named: Named) -> list[Clause]:
        """The lists of institutions for the benefit asked about, where none has the one named.

        溧阳人民医院 is on another list, but not on that of 特药.
        """
        own = [
            clause
            for clause in open_to(inquiry, self._search.clauses.values())
            if inquiry.benefit in benefits_in(clause.title, clause.region)
            and self._institutions.lists(clause)
            and self._institutions.rows(clause)[0].block.kind == "item"
        ]
        if any(found.clause in own for found in named.found):
            return []
        return [clause for clause in own if self._institutions.may_list(clause, named)]

    def _of_district(self, inquiry: Inquiry) -> Draft | None:
        """Tell which institutions of a list are of the district asked about: 松江哪些地方能刷."""
        if not (_WHICH.search(inquiry.message) or _ANY.search(inquiry.message)):
            return None
        for clause in self._search.by_words(inquiry, inquiry.text, _NEAR):
            there = self._institutions.of_district(clause, inquiry.message)
            if there and len(there) < len(self._institutions.rows(clause)):
                return clauses.answer_of_place(there)
        return None

    def of_visited(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """Tell a patient insured elsewhere what the hospital named settles with that place."""
        if inquiry.intent in _OF_STEPS and not _WHICH.search(inquiry.message):
            return None
        named = self._institutions.named(inquiry.message, region.id)
        rows = [found for found in named.found if len(found.block.cells) > 1] if named else []
        place = inquiry.elsewhere or ""
        if not rows:
            return None if named else self._of_all_visited(inquiry, region, place)
        columns = _of_visitors(place, region, rows[0], inquiry.facts)
        # Where no column is for the patient's place, the row is shown and says neither yes nor no.
        intent = Intent.MEMBERSHIP if columns else Intent.OTHER
        return clauses.answer_institution(replace(inquiry, message=columns, intent=intent), rows[0])

    def _of_all_visited(self, inquiry: Inquiry, region: Region, place: str) -> Draft | None:
        """Tell which hospitals of a city settle with the patient's place, where none is named."""
        if not _SETTLES.search(inquiry.message) or _OF_PAPERS.search(inquiry.message):
            return None
        for clause in self._search.clauses.values():
            rows = self._institutions.rows(clause) if clause.region == region.id else ()
            if len(rows) > _FEW and any(_OF_CARDS.search(name) for name, _ in rows[0].block.cells):
                column = _of_visitors(place, region, rows[0], inquiry.facts)
                return clauses.answer_columns(rows, column, region)
        return None

    def _of_last_list(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """Tell whether the list of institutions just told names another one: 那七院呢, 金坛有吗."""
        rows = self._rows_told(inquiry)
        if not rows or not _ANOTHER.search(inquiry.message):
            return None
        lists = list(dict.fromkeys(row.clause for row in rows))
        if named := self._institutions.named(inquiry.message, region.id):
            names = {found.name for found in named.found}
            own = [row for row in rows if row.name in names] or [
                found for found in named.found if len(found.block.cells) > 1
            ]
            if own:
                asks = replace(inquiry, intent=Intent.MEMBERSHIP)
                return clauses.answer_institution(asks, own[0])
            lacking = [clause for clause in lists if self._institutions.may_list(clause, named)]
            return clauses.answer_unlisted(lacking[:1], named.name) if lacking else None
        city = (region.name, *region.also)
        there = [r for r in rows if r.name[:2] in inquiry.message and not r.name.startswith(city)]
        return clauses.answer_of_place(there) if there else None

    def with_other_scheme(self, inquiry: Inquiry, draft: Draft) -> Draft:
        """Add what the other scheme's lists have of a disease, whose list alone told the scheme."""
        own = self._only_scheme(inquiry, draft)
        if draft.status is not Status.ANSWERED or not own or _tells_scheme(inquiry):
            return draft
        (other,) = INSURANCES.keys() - {own}
        names = self._lists.find(inquiry.text, inquiry.region, own)
        theirs = self._lists_of(replace(inquiry, insurance=other), _benefits_of(inquiry, other))
        if not theirs or not names:
            return draft
        also = self._lists.find(inquiry.text, inquiry.region, other)
        if also and _OF_CLASS.search(inquiry.message) and also[0].facts != names[0].facts:
            return ask_insurance()
        if also:
            clause = self._search.clauses[also[0].clause]
            there = f"{clause.title}里也有“{also[0].name}”，待遇另有规定{mark(clause.id)}"
        else:
            lacks = f"的名单里没有写到“{names[0].name}”{''.join(mark(c.id) for c in theirs)}"
            there = f"{theirs[0].title}{lacks}"
        text = f"上面说的是{INSURANCES[own]}。参加的是{INSURANCES[other]}的，{there}。"
        return replace(draft, text=f"{draft.text}\n\n{text}")

    def _only_scheme(self, inquiry: Inquiry, draft: Draft) -> str:
        """The scheme that an answer is of though the patient told none; empty where one is told."""
        if inquiry.insurance and not inquiry.known.implied:
            return ""
        cited = [c for id_ in marked(draft.text) if (c := self._search.clauses.get(id_))]
        schemes_ = {clause.insurance for clause in cited}
        if inquiry.insurance and schemes_ <= {inquiry.insurance, "both"}:
            return inquiry.insurance
        listed = len(schemes_) == 1 and any(clause.lists for clause in cited)
        return "".join(schemes_ & INSURANCES.keys()) if listed else ""

    def _rows_told(self, inquiry: Inquiry) -> list[Institution]:
        """The institutions of the lists that the last answer rests on."""
        told = filter(None, map(self._search.clauses.get, inquiry.known.sources))
        lists = [clause for clause in told if self._institutions.lists(clause)]
        lists = [clause for clause in lists if fits_care(clause, inquiry)]
        return [row for clause in lists for row in self._institutions.rows(clause)]

    def whole(self, inquiry: Inquiry) -> Draft | None:
        """Show the list asked for."""
        found = self._list_of(inquiry)
        return clauses.answer_list(found) if found else None

    def _list_of(self, inquiry: Inquiry) -> list[Clause]:
        """The clauses that list the diseases, drugs or procedures of the benefit asked about."""
        if inquiry.intent is not Intent.LIST or not _LISTED.search(inquiry.text):
            return []
        told = {f"{fact}={value}" for fact, value in inquiry.facts.items()}
        own = self._lists_of(inquiry, {inquiry.benefit or ""})
        if inquiry.insurance is None:
            own = [clause for clause in own if clause.insurance == "both"]
        return [clause for clause in own if told & set(clause.lists)] or own

    def _lists_of(self, inquiry: Inquiry, benefits: Set[str]) -> list[Clause]:
        """The clauses that list what benefits are for."""
        return [
            clause
            for clause in open_to(inquiry, self._search.clauses.values())
            if not benefits.isdisjoint(clause.lists[:1])
        ]

    def on(self, inquiry: Inquiry, passages: Sequence[Passage]) -> Draft | None:
        """Tell whether a disease, drug or procedure is on the list that was found."""
        asks = asks_of_list(inquiry)
        if passages and not passages[0].clause.lists and _AFTERWARDS.search(inquiry.message):
            return None  # What comes after it is told by a clause of its own.
        if inquiry.intent in OF_FORM or (inquiry.intent is not Intent.MEMBERSHIP and not asks):
            return None
        near = {passage.clause.id for passage in passages[: 3 if asks else 1]}
        scheme = None if "insurance" in inquiry.several else inquiry.insurance
        found = self._lists.find(inquiry.text, inquiry.region, scheme)
        of = inquiry.benefit if asks else None
        on_topic = [
            item for item in found if scheme is None or item.clause in near or item.benefit == of
        ]
        if on_topic:
            return clauses.answer_listed(inquiry, on_topic, self._search.clauses)
        return None

    def off(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """Tell that the disease, drug or procedure asked about is on none of the lists meant."""
        asks = inquiry.intent is Intent.MEMBERSHIP or (
            inquiry.intent is Intent.OTHER and asks_of_list(inquiry)
        )
        if not asks or "insurance" in inquiry.several:
            return None
        if draft := self._of_other_scheme(inquiry):
            return draft
        if narrower := self._lists.narrower(inquiry.text, inquiry.region, inquiry.insurance):
            return clauses.answer_narrower(narrower)
        topic = (*_topic_names(region), *inquiry.known.care)
        name = self._lists.asked_for(inquiry.message, topic)
        if not name or self.find(inquiry):
            return None
        if self._is_written(name, inquiry) or _BESIDE.match(inquiry.message.partition(name)[2]):
            return None
        if named := institution(name):
            without = self._lists_without(inquiry, named)
            return clauses.answer_unlisted(without[:1], name) if without else None
        rest = inquiry.text.replace(name, "")
        near = [passage.clause for passage in self._search.near(inquiry, rest)[:_NEAR]]
        near = near or list(self._search.by_words(inquiry, rest, 1))
        near = [c for c in near if c.lists or (_lists(c) and _is_meant(c, inquiry))]
        benefits = {clause.lists[0] for clause in near if clause.lists}
        if not near and inquiry.benefit and asks_of_list(inquiry):
            benefits = {inquiry.benefit}
        lists = self._lists_of(inquiry, benefits) or near[:1]
        return clauses.answer_unlisted(lists, name) if lists else None

    def _of_other_scheme(self, inquiry: Inquiry) -> Draft | None:
        """Tell that only the other scheme's list has the disease, drug or procedure."""
        if inquiry.insurance is None or not asks_of_list(inquiry) or self.find(inquiry):
            return None
        there = self._lists.find(inquiry.text, inquiry.region, None)
        if not there:
            return None
        own = self._lists_of(inquiry, {inquiry.benefit or ""})
        own = own or [c for c in self._search.by_words(inquiry, inquiry.text, _NEAR) if c.lists[:1]]
        if not own:
            return None
        only = self._search.clauses[there[0].clause]
        name, scheme = there[0].name, INSURANCES[inquiry.insurance]
        lead = f"**不在{scheme}的名单里。**只有{only.title}里有“{name}”{mark(only.id)}。"
        unlisted = clauses.answer_unlisted(own, name)
        return replace(unlisted, text=lead + unlisted.text.partition("。**")[2])

    def _is_written(self, name: str, inquiry: Inquiry) -> bool:
        """Whether a clause speaks of the name, be it in a question that it answers.

        That a list is asked for a name doesn't tell that it has it; and a question of how much is
        paid for it doesn't tell whether it belongs there.
        """
        belongs = _BELONGS.search(inquiry.message)

        def said(clause: Clause) -> Iterator[str]:
            if _lists(clause):
                return iter((clause.text,))
            asks = (ask for ask in clause.asks if not belongs or _BELONGS.search(ask))
            return chain(asks, sentences(clause))

        return any(
            name in " ".join(said(clause))
            for clause in open_to(inquiry, self._search.clauses.values())
        )


def _tells_scheme(inquiry: Inquiry) -> bool:
    """Whether something that was said tells the scheme, or hints at it: 厂里上班, 农村的."""
    tables = ("insurance", "implied_insurance")
    return any(first_said(inquiry.conversation, table) is not None for table in tables)


def _of_visitors(
    place: str, region: Region, row: Institution, facts: Mapping[str, FactValue]
) -> str:
    """The columns of a hospital's row that are for a patient's place; empty where none is.

    A column is of the province, of a place that it names, or of stays from other provinces.
    """
    if same_province(place, region):
        return "省内"
    outpatient = facts.get("item") == "outpatient"
    if outpatient and any(place in name for name, _ in row.block.cells):
        return place
    return "" if outpatient else "跨省"


def _lists(clause: Clause) -> bool:
    """Whether a clause lists diseases, drugs or procedures."""
    return bool(clause.lists or enumerated(clause))


def _benefits_of(inquiry: Inquiry, insurance: str) -> Set[str]:
    """The benefits of a scheme of the place."""
    scheme = schemes().get((inquiry.region or "", insurance))
    return set(scheme.benefits) if scheme else set()


def _is_meant(clause: Clause, inquiry: Inquiry) -> bool:
    """Whether diseases that a clause names in passing are those asked about."""
    of_benefit = any(benefit == inquiry.benefit for _, benefit in citing(clause.id))
    return of_benefit or asks_of_list(inquiry)


def asks_of_list(inquiry: Inquiry) -> bool:
    """Whether it is asked if something is on a list."""
    return bool(_ON_LIST.search(inquiry.text))


def _topic_names(region: Region) -> tuple[str, ...]:
    """Names of a place and its benefits, which are no diseases, drugs or procedures."""
    own = (scheme for (place, _), scheme in schemes().items() if place == region.id)
    benefits = [name for s in own for b in s.benefits.values() for name in (b.name, *b.also)]
    return (region.name, *region.also, *benefits)
