"""Yes or no, where a clause says it: a name in a list, a cell of a table, a plain sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.answering.choosing import GROUPS
from bot.retrieval import Passage
from bot.understanding.gazetteer import provinces_in
from bot.understanding.lists import enumerated
from bot.understanding.names import tells
from corpus.blocks import Block, blocks
from corpus.documents import Clause
from corpus.text import terms

_YES_CELL = re.compile(r"^(?:已?开通|可以|是|有|能|√)")
_NO_CELL = re.compile(r"^(?:未开通|没开通|(?:暂时?|目前)?不|否|无|没有)")
_CONDITION = re.compile(r"（((?:要|须|限|需)[^）]+)）")
_NO = re.compile(
    r"不能|不可以|不予|不享受|不可享受|不报|不支付|不在|不属于|不算|不再|不用|不需要|无需|不需|不承担|不给予|暂不|还不|尚未|未纳入|不纳入"
    r"|没有|取消|不另|不设|不会|不得"
)
_YES = re.compile(
    r"可以|(?<!只)能够?|可在|可到|可凭|可由|享受|纳入|(?<!不)属于|在内|直接刷卡|直接结算|直接划卡|予以|给予|需要|必须|支持|都是|也是|照常"
)
_OTHER_PROVINCES = re.compile(r"(?:其余|其[他它]|别的)(?:的?省|地[区方])")
_REACHES = {"省内": re.compile("省内|本省"), "跨省": re.compile("跨省|外省|省外|出省|别的省")}
"""How far away care is, as a row's name and as patients say it."""
_SAID = re.compile(r"(?:能|可以|不|要|用|算|有|没|得|先|会|是)")
"""Openings of a clause that say yes or no themselves."""
_ANSWERS = re.compile(r"[能可要会算][^，。；：]{0,2}：|可以[。，]")
"""An opening that is an answer by itself."""
_WHETHER = re.compile(r"(.)不\1")
_TWO_VERSIONS = re.compile(r"两份资料|(?:两种|两个)(?:说法|写法)|两处|有不同|写法不(?:同|一样)")
"""Documents that differ say neither yes nor no."""
_DEFINES = re.compile(r"就是[^，。；]{2,12}人员|人员，?是指")
_ASKS_WHO = re.compile(r"算|属于|归|够|符不?符?合")
"""Whether one is of a kind of people is asked."""
_WHICH_KIND = re.compile(r"(?:归|算|属于?|是)[^，。？]{0,6}(?:哪|什么)一?[类种个]")
_SPEAKS_OF = 0.6
"""Share of the question's words that a sentence must hold for its yes or no to be the answer."""
_NAMES = re.compile(r"[、；。，]")
_ASKS_ANY = re.compile(r"有(?:没有)?[^，。？]*[吗么没]|没有")
_WHOSE = re.compile(r"[按照依][^，。？]{1,10}(?:目录|标准|规定|政策|比例|起付线)|谁的|哪[里边头]的")
"""Whose rules hold is asked; a yes to something else is none to that."""
_DENIED = re.compile(r"(?:没有?|不是|未)[^，。？]{2,4}(?=，)")
_UNPAID = re.compile(
    r"不报|不予(?:报销|支付)|不支付|不(?:能)?付|不纳入|不在[^，。]{0,6}范围|不属于[^，。]{0,6}范围"
)
_ASKS_PAID = re.compile(r"报|付|管|认")
_ONLINE = re.compile(r"手机|微信|网上|线上|公众号|APP|app|小程序|自助")
"""What may be done from home; a clause that doesn't speak of it says neither yes nor no."""
_NAMED = 2
"""Terms that a question shares with the name of an item that it asks about."""
_NAME = 3
_PLAIN = re.compile(
    r"(?:普通|一般|企业|厂里?|工人)[^，。]{0,3}退休|退休(?:职工|工人)|普通(?:职工|工人)"
)
"""One who belongs to none of the groups."""
_NEGATIVE_QUESTION = re.compile(
    r"不能.{0,12}[吗么嘛]|不可以|是不是不|没有.{0,6}[吗么]|不用.{0,8}[吗么]|不需要.{0,6}[吗么]"
)
_USABLE = re.compile(
    r"能不?能?[^，。]{0,3}(?:拿去|用|算|当|代替)|行不行|认不认|可以[吗用]|[行认]吗"
)
_EITHER = re.compile(r"或者?")
_NEED = re.compile(
    r"要不要|需不需要|用不用|需要.{0,12}[吗么嘛]|必须|[还是]?要.{0,12}[吗么嘛]|得.{0,6}[吗么]"
)
_NEEDED = re.compile(
    r"(?<!不)(?<!不需)(?<!只)(?<!主)[要须](?!求|是|么)|需(?!要)|必须|先[去到办备]|凭"
)
_NEEDLESS = re.compile(r"不用|不要|不需|不必|无需|无须|免[交缴收]?|不设|取消")
_OPEN = re.compile(r"(?:资料|文件|原文|指南)?(?:里|中)?没有?写[^，；。]*")
"""What the documents leave open says neither yes nor no."""


def for_whom(message: str, clause: Clause) -> str:
    """Return who alone a clause is for, where a message tells another; empty where it doesn't.

    Of the diseases or the group that it names, none is told: 血小板减少 of 病种：血友病、….
    """
    for group in GROUPS:
        if re.search(group.titles, clause.title) and (
            re.search(rf"(?:不是|没有?|不算|不享受)[^，。]{{0,3}}(?:{group.said})", message)
            or (_PLAIN.search(message) and not re.search(group.said, message))
        ):
            return group.name
    names = enumerated(clause) or (clause.lists and _begun(clause))
    return "下面说的" if names and not any(tells(name, message) for name in names) else ""


def _begun(clause: Clause) -> tuple[str, ...]:
    """How the names of a list begin, where the clause says yes to them: 高血压 of Ⅲ期以下."""
    yes, *listed = blocks(clause.text)
    if not _ANSWERS.match(yes.text):
        return ()
    return tuple(block.text[:_NAME] for block in listed if block.kind != "sentence")


def verdict(question: str, passage: Passage) -> str | None:
    """Return the opening word of the answer ("可以。"), or None where the clause isn't plain."""
    parts = blocks(passage.clause.text)
    if rows := rows_of_places(question, passage.clause):
        words = {row_verdict(question, parts[i]) for i in rows}
        return words.pop() if len(words) == 1 else None
    if (row := _row(question, parts)) and (word := row_verdict(question, row)):
        return word
    lead = parts[0].text
    if _ONLINE.search(question) and not _ONLINE.search(passage.clause.text):
        return None
    if _ANSWERS.match(lead) or _TWO_VERSIONS.search(passage.clause.text):
        return None
    if _rows_differ(question, parts) or _is_open(question, lead):
        return None
    if _DEFINES.search(lead) and _ASKS_WHO.search(question):
        return "符合下面说的条件就算。"
    if _is_alternative(question, parts):
        return "可以。" if _USABLE.search(question) else None
    if _is_member(question, parts):
        return _sentence_verdict(question, f"{passage.clause.section}。{lead}")
    if passage.clause.lists or _NEGATIVE_QUESTION.search(question) or _SAID.match(lead):
        return None
    asked = terms(question)
    held = sum(term in lead for term in asked)
    return _sentence_verdict(question, lead) if held >= _SPEAKS_OF * len(asked) else None


def kinds_of(question: str, clause: Clause, others: Iterable[Clause]) -> list[Clause]:
    """The clauses that define the kinds of people in a table, where it is asked of which one is.

    我归哪一类 is answered by what each kind is, not by their names.
    """
    if not _WHICH_KIND.search(question):
        return []
    names = [b.cells[0][1].partition("（")[0] for b in blocks(clause.text) if b.kind == "row"]
    return [
        other
        for other in others
        if other.document == clause.document
        and any(other.section.startswith(name) for name in names)
        and _DEFINES.search(other.text)
    ]


def _is_alternative(question: str, parts: tuple[Block, ...]) -> bool:
    """Whether the question names one of two papers, either of which is enough."""
    asked = set(terms(question))
    ones = (
        one
        for b in parts
        if b.kind == "item" and _EITHER.search(b.text)
        for one in _EITHER.split(b.text)
    )
    return any(len(set(terms(one)) & asked) >= _NAMED for one in ones)


def _is_member(question: str, parts: tuple[Block, ...]) -> bool:
    """Whether the question names an item of a plain list, such as one of the hospitals."""
    asked = set(terms(question))
    items = [block.text for block in parts if block.kind in ("item", "step")]
    told = _DENIED.sub("", question)
    names = (name for item in items for name in _NAMES.split(item))
    if any(len(name) > 1 and name in told for name in names):
        return True
    return any(len(set(terms(item)) & asked) >= _NAMED for item in items)


def rows_of_places(message: str, clause: Clause) -> set[int]:
    """The rows for the provinces of the places named, in a table by provinces.

    That of all others is for what no row names. A clause's title begins with the patient's city.
    """
    parts = blocks(clause.text)
    rows = {i: block.cells[0][1] for i, block in enumerate(parts) if block.kind == "row"}
    rest = {i for i, name in rows.items() if _OTHER_PROVINCES.match(name)}
    meant: set[int] = set()
    for province in provinces_in(message.replace(clause.title[:2], "")) if rest else ():
        meant |= {i for i, name in rows.items() if province in name} or rest
    return meant


def _is_open(question: str, sentence: str) -> bool:
    """Whether what is asked is what a sentence says that the documents leave open."""
    left = " ".join(_OPEN.findall(sentence))
    return any(len(term) > 1 and term in left for term in terms(question))


def _rows(parts: tuple[Block, ...]) -> list[Block]:
    """Return the rows of a table that tell something of what they name."""
    return [b for b in parts if b.kind == "row" and len(b.cells) > 1]


def _rows_differ(question: str, parts: tuple[Block, ...]) -> bool:
    """Whether one row of a table says yes and another no to what is asked."""
    return len({row_verdict(question, row) for row in _rows(parts)}) > 1


def _row(question: str, parts: tuple[Block, ...]) -> Block | None:
    """Return the row whose name the question holds, or that alone is of the reach it tells."""
    rows = _rows(parts)
    reaches = [reach for reach, said in _REACHES.items() if said.search(question)]
    of_reach = [b for b in rows if any(reach in b.text.split("：")[0] for reach in reaches)]
    if len(reaches) == len(of_reach) == 1:
        return of_reach[0]
    asked = set(terms(question))
    best = max(rows, key=lambda b: _shared(b.text.split("：")[0], asked), default=None)
    if best is None or _shared(best.text.split("：")[0], asked) < 0.5:
        return None
    return best


def _shared(name: str, asked: set[str]) -> float:
    own = terms(name)
    return sum(term in asked for term in own) / max(len(own), 1)


def list_verdict(clause: Clause) -> str | None:
    """Return "可以。" for a name in a list, None where the list is of what isn't so."""
    told = _WHETHER.sub("", f"{clause.section}。{blocks(clause.text)[0].text}")
    return None if _NO.search(told) else "可以。"


def row_verdict(question: str, row: Block) -> str | None:
    """Return yes or no where the cells asked for agree, None where they don't.

    A yes that a cell ties to a condition is said with it.
    """
    asked = set(terms(question))
    named = [c for n, c in row.cells[1:] if asked & set(terms(n))] or [c for _, c in row.cells[1:]]
    if named and all(_NO_CELL.match(cell) for cell in named):
        return "不可以。"
    if not named or not all(_YES_CELL.match(cell) for cell in named):
        return None
    conditions = {condition[1] for cell in named if (condition := _CONDITION.search(cell))}
    return f"可以，但{'，'.join(sorted(conditions))}。" if conditions else "可以。"


def says_yes(cell: str) -> bool:
    """Whether a cell of a table says yes."""
    return bool(_YES_CELL.match(cell))


def _sentence_verdict(question: str, sentence: str) -> str | None:
    if _WHOSE.search(question):
        return None
    sentence = _OPEN.sub("", sentence)
    no, yes = _NO.search(sentence), _YES.search(sentence)
    needs = bool(_NEED.search(question))
    if needs:
        no, yes = _NEEDLESS.search(sentence), _NEEDED.search(sentence)
    if no and not yes and no[0] == "没有" and not _ASKS_ANY.search(question):
        return None  # What there is none of may be something else.
    if no and not yes:
        unpaid = _UNPAID.search(sentence) and _ASKS_PAID.search(question)
        return "不用。" if needs else "不报。" if unpaid else "不可以。"
    if yes and not no:
        return "要。" if needs else "可以。"
    return None
