"""Answers taken from clauses: procedures, materials, lists, yes or no, where to ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.answering.draft import Draft, mark
from bot.answering.institutions import Institution
from bot.answering.membership import (
    for_whom,
    list_verdict,
    row_verdict,
    rows_of_places,
    says_yes,
    verdict,
)
from bot.answering.naming import labels
from bot.reply import Status
from bot.retrieval import Passage
from bot.understanding.inquiry import Inquiry, speaks_of_care_elsewhere
from bot.understanding.lists import Listed, sentences
from bot.understanding.topics import Intent
from corpus.blocks import Block, blocks
from corpus.documents import Clause
from corpus.regions import Region
from corpus.text import terms

_SHORT = 220
"""A clause of up to this many characters is shown whole."""
_EXTRA = 90
"""Characters of further matching sentences after the leading one."""
_YES = re.compile(r"^\w{1,3}：")
"""A clause's own yes, for what its list names."""
_INSTITUTION = re.compile(r"(?:院|店|所|室|中心|站|社区)$")
_BARE = 5
"""A leading sentence of so few characters (可以。) says nothing without the next one."""
_ITEMS = 24
_SOME = 5
"""Of a long list in which nearly all is so, as many are named."""
_FEW = 3
"""A table of so few rows is shown whole."""
_WHOLE = {Intent.PROCEDURE, Intent.MATERIALS, Intent.LIST}
_CLOSE = 1.0
"""A second clause is shown where its score comes this near to the first one's: in one of three of
these cases the second is the right one, in one of twenty beyond."""
_WANTS_ONE_FACT = (Intent.FIGURE, Intent.DEADLINE)
_ASKS_SAME = re.compile(r"一样|同样|同一?[个种]?[类档]|相同")
_ONLY_AFTER = re.compile(r"（限?(?P<treatment>[^（）]{2,}?)术?后）")
"""What a list has of a disease only after a treatment: 冠心病（支架植入术后）."""
_ASKS_MONEY = re.compile(r"多少钱|几[百千万]?块?钱|几成|百分之几|比例|[报拿领补发付]多少")
_MONEY = re.compile(r"\d\s*(?:万?元|%|倍)")
_NO_AMOUNT = re.compile(r"没有?写明?(?:金额|多少|是多少|比例|标准)")
_SILENT = ("没有写明", "没写明", "未写明", "没有说明", "没有列出", "没有写", "没有给出", "没写")


def answer(inquiry: Inquiry, passages: Sequence[Passage]) -> Draft:
    """Compose an answer from the best clause, and a second one that is about as good."""
    first = passages[0]
    near = [p for p in passages[1:2] if p.score >= first.score - _CLOSE]
    if near and _told_instead(inquiry, first, near[0]):
        # One of two that are as good says that it is left open: the other one answers.
        first, near = near[0], [first]
        passages = (first, *near, *passages[2:])
    lines = _with_verdict(inquiry, first, _lines(inquiry, first))
    for other in near:
        lead, *rest = _lines(inquiry, other)
        lines += ["", f"另外：{lead}", *rest]
    text = "\n".join(lines)
    silent = _silent(inquiry, first.clause) or _silent_on(inquiry, first.clause)
    status = Status.NOT_FOUND if silent else Status.ANSWERED
    return Draft(status, text, follow_ups=_follow_ups(passages))


def answer_unmet(clause: Clause, condition: str) -> Draft:
    """Say that what a message tells doesn't meet a condition of a clause; the rest, if short."""
    point = mark(clause.id)
    head = f"**不符合条件。**您说的情况，和资料里的这一条对不上：{condition}{point}"
    rest = [b for b in blocks(clause.text) if b.kind != "sentence" or b.text != condition]
    shown = _laid_out(rest, point) if len(clause.text) <= _SHORT else []
    return Draft(Status.ANSWERED, "\n".join([head, *shown]))


def answer_open(clause: Clause) -> Draft:
    """Say that the documents leave open what is asked, in the words of the clause on that."""
    shown = _laid_out(blocks(clause.text), mark(clause.id))
    return Draft(Status.NOT_FOUND, "\n".join(shown))


def answer_institution(inquiry: Inquiry, found: Institution) -> Draft:
    """Say what the library lists of one institution; yes or no first, where that is asked."""
    said = found.told("；")
    text = f"{found.name}：{said}" if said else f"{found.name}在名单里：{found.clause.section}"
    if inquiry.intent is Intent.MEMBERSHIP:
        word = row_verdict(inquiry.message, found.block) if said else list_verdict(found.clause)
        text = f"**{word}**{text}" if word else text
    return Draft(Status.ANSWERED, f"{text}。{mark(found.clause.id)}")


def answer_columns(rows: Sequence[Institution], column: str, region: Region) -> Draft:
    """Say which of the institutions of a table have what a column tells; that none does, if so."""
    names = [name for name, _ in rows[0].block.cells[1:]]
    point = mark(rows[0].clause.id)
    meant = next((name for name in names if column and column in name), None)
    if meant is None:
        whom = f"请打 {region.hotline}（{region.office}）问{mark(region.cite)}"
        text = f"资料里的名单只分{'、'.join(names)}，没有写您问的这一种。{point}{whom}。"
        return Draft(Status.NOT_FOUND, text)
    having = [row.name for row in rows if says_yes(dict(row.block.cells).get(meant, ""))]
    lacking = [row.name for row in rows if row.name not in having]
    if len(lacking) > len(having):
        return Draft(Status.ANSWERED, f"“{meant}”开通了的有：{'、'.join(having)}。{point}")
    some = "、".join(having[:_SOME])
    text = f"名单里的医院，“{meant}”{'大多' if lacking else '都'}开通了，比如{some}。{point}"
    but = "\n".join((f"没有开通的是：{point}", *(f"- {name}" for name in lacking)))
    return Draft(Status.ANSWERED, f"{text}\n{but}" if lacking else text)


def answer_of_place(found: Sequence[Institution]) -> Draft:
    """Say which institutions of a list are of the place asked about."""
    names = "、".join(row.name for row in found)
    section, cited = found[0].clause.section, mark(found[0].clause.id)
    return Draft(Status.ANSWERED, f"**有。**{names}在名单里：{section}。{cited}")


def answer_list(found: Sequence[Clause]) -> Draft:
    """Show whole lists."""
    parts = ["\n".join(_laid_out(blocks(clause.text), mark(clause.id))) for clause in found]
    return Draft(Status.ANSWERED, "\n\n".join(parts))


def answer_listed(
    inquiry: Inquiry, found: Sequence[Listed], clauses: Mapping[str, Clause]
) -> Draft:
    """Say that a disease, drug or procedure is on a list, and what the list is of."""
    if untreated := [item for item in found if _untreated(item.name, inquiry.message)]:
        named = "、".join(dict.fromkeys(f"“{item.name}”" for item in untreated))
        cited = "".join(mark(item.clause) for item in untreated)
        return Draft(Status.ANSWERED, f"**不算。**名单里只有{named}，没做过的不在名单里。{cited}")
    lines = []
    for item in found:
        clause = clauses[item.clause]
        lead = blocks(clause.text)[0].text
        lines.append(f"{clause.title}里有“{item.name}”：{lead}{mark(clause.id)}")
    yes = "算" if "算" in inquiry.text else "可以"
    classes = {item.facts.get("disease_class") for item in found}
    if len(classes) == 1 and None not in classes and "类" in inquiry.text:
        names = labels(inquiry.region, clauses[found[0].clause].insurance, "disease_class")
        yes = f"{names.get(next(iter(classes)), yes)}"
    if len(classes) > 1 and _ASKS_SAME.search(inquiry.message):
        return Draft(Status.ANSWERED, "**不一样。**" + "\n".join(lines))
    return Draft(Status.ANSWERED, f"**{yes}，在名单里。**" + "\n".join(lines))


def _untreated(name: str, message: str) -> bool:
    """Whether a list has a disease only after a treatment that the patient hasn't had: 支架没放."""
    only = _ONLY_AFTER.search(name)
    treatment = only["treatment"] if only else ""
    words = {treatment[i : i + 2] for i in range(len(treatment) - 1)}
    if not (said := "|".join(word for word in words if word in message)):
        return False
    undone = r"[没未](?:有|去|敢|想)*(?:[放做装动植上]|(?=[，。？]|$))"
    none = rf"[没未]有?[^，。？有]{{0,4}}(?:{said})|(?:{said})[^，。？]{{0,3}}{undone}"
    whether = rf"有没有[^，。？]{{0,4}}(?:{said})"
    return bool(re.search(none, re.sub(whether, "", message)))


def answer_unlisted(lists: Sequence[Clause], name: str) -> Draft:
    """Say that the lists don't name what was asked, and show them."""
    shown = "\n".join(
        line for clause in lists for line in _laid_out(_whole(blocks(clause.text)), mark(clause.id))
    )
    # 白血病 is one of 血液系统恶性肿瘤: which disease is of which kind is for a doctor to say.
    whom = "" if _INSTITUTION.search(name) else "\n拿不准是不是名单里的哪一种，请问一下医生。"
    return Draft(Status.ANSWERED, f"**名单里没有写到“{name}”。**{_YES.sub('', shown)}{whom}")


def answer_narrower(item: Listed) -> Draft:
    """Say that the list has what was asked only of one kind: 非亲缘性骨髓移植术."""
    return Draft(
        Status.ANSWERED,
        f"**名单里写的是“{item.name}”。**您说的和它对不对得上，请向医院或医保经办机构确认；"
        f"对不上的，按不在名单里的算。{mark(item.clause)}",
    )


def _told_instead(inquiry: Inquiry, first: Passage, other: Passage) -> bool:
    """Whether the first clause says that the documents are silent, and the other one doesn't."""
    if inquiry.intent in _WANTS_ONE_FACT:
        return False  # What is left open is the fact asked for.
    if inquiry.away and not speaks_of_care_elsewhere(other.clause.heading):
        return False  # What holds at home is no answer.
    asks_money = inquiry.kinds or _ASKS_MONEY.search(inquiry.text)
    if asks_money and not _MONEY.search(other.clause.text):
        return False
    return _silent(inquiry, first.clause) and not _silent(inquiry, other.clause)


def _silent(inquiry: Inquiry, clause: Clause) -> bool:
    """Tell whether the clause says that the documents leave this open."""
    lead = blocks(clause.text)[0].text
    return "not-stated" in clause.id or _left_open(inquiry, lead.split("；"))


def _silent_on(inquiry: Inquiry, clause: Clause) -> bool:
    """Tell whether the one fact asked for is what the clause says to be left open."""
    if inquiry.intent not in _WANTS_ONE_FACT:
        return False
    told = sentences(clause)
    if _ASKS_MONEY.search(inquiry.text) and not _MONEY.search(clause.text):
        return any(word in sentence for word in _SILENT for sentence in told)
    return _left_open(inquiry, told)


def _left_open(inquiry: Inquiry, told: Sequence[str]) -> bool:
    """Tell whether those that speak most of the question say that it is left open."""
    asked = terms(inquiry.text)
    held = [sum(len(term) for term in asked if term in sentence) for sentence in told]
    most = max(held, default=0)
    return bool(held) and all(
        _leaves_open(inquiry, sentence)
        for sentence, share in zip(told, held, strict=True)
        if share == most
    )


def _leaves_open(inquiry: Inquiry, sentence: str) -> bool:
    """Tell whether a sentence says that something is not written, and more than an amount's."""
    if not any(word in sentence for word in _SILENT):
        return False
    return not (_NO_AMOUNT.search(sentence) and not _ASKS_MONEY.search(inquiry.text))


def _lines(inquiry: Inquiry, passage: Passage) -> list[str]:
    clause = passage.clause
    parts = blocks(clause.text)
    point = mark(clause.id)
    if len(clause.text) <= _SHORT:
        return _laid_out(parts, point)
    if inquiry.intent in _WHOLE and any(b.kind != "sentence" for b in parts):
        return _laid_out(_whole(parts), point)
    best = _best(inquiry, passage)
    leads = clause.lists or best[-1].text.endswith("：")
    bare = leads and all(b.kind == "sentence" for b in best)
    return _laid_out(_whole(parts) if bare else best, point, numbered=bool(bare))


def _with_verdict(inquiry: Inquiry, passage: Passage, lines: list[str]) -> list[str]:
    """Put the clause's yes or no first, where that is asked."""
    if inquiry.intent not in (Intent.MEMBERSHIP, Intent.OTHER):
        return lines
    if who := for_whom(inquiry.message, passage.clause):
        return [f"**只有{who}才可以：**{_YES.sub('', lines[0])}", *lines[1:]]
    if inquiry.intent is Intent.MEMBERSHIP and (word := verdict(inquiry.message, passage)):
        listed = lines[0].startswith("- ")
        lines = [f"**{word}**", *lines] if listed else [f"**{word}**{lines[0]}", *lines[1:]]
    return lines


def _whole(parts: Sequence[Block]) -> list[Block]:
    shown: list[Block] = []
    items = 0
    for block in parts:
        items += block.kind in ("item", "row")
        if items <= _ITEMS:
            shown.append(block)
    if items > _ITEMS:
        shown.append(Block("sentence", "名单较长，其余的请点开来源看全文。"))
    return shown


def _best(inquiry: Inquiry, passage: Passage) -> list[Block]:
    """The leading sentence, and those blocks that speak most of what was asked."""
    parts = blocks(passage.clause.text)
    asked = terms(inquiry.text)
    # The city is left out of the question searched for, but names the row of its office.
    rows = rows_of_places(inquiry.message, passage.clause)
    rows = rows or _rows_meant(parts, (*asked, *terms(inquiry.message)))
    bare = len(parts) > 1 and len(parts[0].text) <= _BARE
    chosen, room = {0, int(bare)} | rows, _EXTRA
    ranked = sorted(
        (i for i, block in enumerate(parts) if i not in chosen and block.kind != "row"),
        key=lambda i: (-sum(len(term) for term in asked if term in parts[i].text), i),
    )
    for index in ranked:
        length = len(parts[index].text)
        if length <= room and any(term in parts[index].text for term in asked):
            chosen.add(index)
            room -= length
    return [parts[index] for index in sorted(chosen)]


def _rows_meant(parts: Sequence[Block], asked: Sequence[str]) -> set[int]:
    """The table rows that hold a word of the question which most others lack."""
    rows = [i for i, block in enumerate(parts) if block.kind == "row"]
    if len(rows) <= _FEW:
        return set(rows)
    telling = [
        t for t in asked if 0 < sum(t in parts[i].text for i in rows) <= max(len(rows) // 3, 1)
    ]
    scores = {i: sum(term in parts[i].text for term in telling) for i in rows}
    most = max(scores.values(), default=0)
    return {i for i, score in scores.items() if most and score == most}


def _laid_out(shown: Sequence[Block], point: str, *, numbered: bool = True) -> list[str]:
    """Lines of text: sentences run on, list items and rows have lines of their own.

    Steps picked from a list aren't ``numbered``: their numbers would be other ones.
    """
    lines: list[tuple[bool, str]] = []
    step = 0
    for block in shown:
        listed = block.kind != "sentence"
        step += block.kind == "step"
        marker = f"{step}." if block.kind == "step" and numbered else "-"
        text = f"{marker} {block.text}" if listed else block.text
        if not listed and lines and not lines[-1][0]:
            lines[-1] = (False, lines[-1][1] + text)
        else:
            lines.append((listed, text))
    # One citation for a list: on the line that leads it.
    return [
        text + point if n == 0 or not listed else text for n, (listed, text) in enumerate(lines)
    ]


def _follow_ups(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Offer what the neighbouring clauses answer, in a patient's words."""
    asked = {passages[0].clause.id}
    offered: list[str] = []
    for passage in passages[1:4]:
        if passage.clause.id not in asked and passage.clause.asks:
            asked.add(passage.clause.id)
            offered.append(passage.clause.asks[0])
    return tuple(ask if ask.endswith("？") else f"{ask}？" for ask in offered)
