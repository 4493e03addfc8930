"""Diseases, drugs and procedures that clauses list, and what follows when a patient names one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import rjieba

from bot.understanding.cues import cues
from bot.understanding.facts import FactValue
from bot.understanding.grades import choose_grade, only_grade
from bot.understanding.names import (
    NAMING,
    SHARE,
    SHORTEST,
    Word,
    abbreviated,
    chronic,
    shared_parts,
    where,
    words_of,
)
from bot.understanding.topics import is_filler
from corpus.blocks import blocks
from corpus.documents import Clause

# 肾移植 and 肾脏移植术 are one name, and so are 尿毒症 and 尿毒症期.
_FILLERS = re.compile(r"[脏术]|(?<=症)期$")
_OF_ONE_KIND = re.compile(r"^非?(?![慢急])\w{1,2}性|(?:自体|同种异体)(?=移植)")
_TRANSPLANT = re.compile(r"(\w{1,3})移植")
_PARTS = re.compile(r"[（）、，；：]|或者?|和|含")
_OTHER_NAME = re.compile(r"(?P<name>\w+)（(?P<other>\w{1,5}[病症])）")
_ENUMERATED = re.compile(r"(?:病种|疾病|药品|手术|项目)：(?P<names>.+?)。?")
_KIND = re.compile(r"[病症]$")
_PLACES = ("门诊", "住院", "急诊")  # no part of a name: 痛风门诊能办吗
_ORDINARY = 1500
"""From this frequency on, a word is everyday language."""
_ASKED = re.compile(
    r"(?:，[^，。]{0,6})?(?:，|\||门诊|这[个种]?|我|他|她|病人?|患者|手术|的|也|到底|那|了)*"
    r"(?:能|可以|可否|可不|算|属|是|在不|在[^，。院区市]{0,6}[里内](?:面|头)?(?=$|[吗么嘛？，。不])|够|给不|给报|[能报][不得]|认不|管不|行不|有没有)"
)
_ASKED_OF = re.compile(r"(?:包括|包含|含不含|有没有|是不是|算不算)$")
"""What is asked of a name that follows."""
_ASKED_AT_ALL = re.compile(r"[能可][以不]|能办|算|属于|够")
_A_NAME = re.compile(r"(?:[病症瘤癌炎术]|结石|骨折|贫血|息肉|结节|囊肿|增生|突出)$")
_OPERATION = re.compile(r"[做动开]?[了个]?(?:手术|刀)")
_THIS_ONE = re.compile(r"[这那][个种]?(?:病|药|手术|项目)|[我他她它]这[个种]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A name of a list, found in a message."""

    clause: str
    name: str
    benefit: str
    facts: Mapping[str, FactValue]


class Lists:
    """The listed names of all regions.

    Args:
        clauses: those that have a line ``名单`` are read.
    """

    def __init__(self, clauses: Iterable[Clause]) -> None:
        clauses = tuple(clauses)
        self._names: dict[str, list[tuple[str, str, Listed]]] = {}
        others = dict(_other_names(clauses))
        for clause in clauses:
            if clause.lists:
                own = self._names.setdefault(clause.region, [])
                for variant, item in _items(clause):
                    both = (variant, others.get(variant))
                    own += [(name, clause.insurance, item) for name in both if name]
        self._plain = {word for clause in clauses for word in _plain_words(clause)}
        listed = (v for names in self._names.values() for v, _, _ in names)
        self._parts = {word for variant in listed for word in rjieba.cut(variant, hmm=False)}

    def find(self, text: str, region: str | None, insurance: str | None) -> tuple[Listed, ...]:
        """Return the listed names that the text holds, the best match of each list."""
        text = _FILLERS.sub("", text)
        words = words_of(text)
        best: dict[str, tuple[int, str, str, Listed]] = {}
        longest: dict[str, int] = {}  # In each scheme: how one names a disease is no other's.
        open_to = [
            (variant, scheme, item)
            for variant, scheme, item in self._names.get(region or "", ())
            if not insurance or scheme in (insurance, "both")
        ]
        for variant, scheme, item in open_to:
            length = self._told(variant, text, words)
            if length > best.get(item.clause, (0,))[0]:
                best[item.clause] = (length, scheme, variant, item)
                longest[scheme] = max(length, longest.get(scheme, 0))
        found = [
            item
            for length, scheme, name, item in best.values()
            if length == longest[scheme] or _beside_another(name, text)
        ]
        before = {item.name for item in found}
        names = (
            choose_grade(text, before, [item.name for _, _, item in open_to]) if found else before
        )
        of_grade = {item.name: item for _, _, item in open_to if item.name in names - before}
        return (*(item for item in found if item.name in names), *of_grade.values())

    def of_diseases(self, region: str | None) -> frozenset[str]:
        """Return the benefits that are for listed diseases only."""
        items = (item for _, _, item in self._names.get(region or "", ()))
        return frozenset(i.benefit for i in items if i.facts.keys() <= {"disease_class"})

    def narrower(self, text: str, region: str | None, insurance: str | None) -> Listed | None:
        """Return what a list has of one kind only, where none of its names is told in full.

        移骨髓 may be 非亲缘性骨髓移植术, and may not.
        """
        if self.find(text, region, insurance):
            return None
        for variant, scheme, item in self._names.get(region or "", ()):
            core = _OF_ONE_KIND.sub("", variant)
            if core == variant or len(core) < SHORTEST or scheme not in (insurance, "both"):
                continue
            held = sum(char in text for char in core)
            if core[:2] in text and held > SHARE * len(core):
                return item
        return None

    def lack(self, text: str, region: str | None, insurance: str | None) -> bool:
        """Whether a text names what no list has, nor anything that shares a word with it.

        搭桥 is on no list; a 支架 may be that of 主动脉瘤支架植入, which is.
        """
        name = self.asked_for(f"{text}能办吗")
        if not name or self.find(text, region, insurance):
            return False
        told = {name[i : i + 2] for i in range(len(name) - 1)}
        shared = (
            v[i : i + 2] for v, _, _ in self._names.get(region or "", ()) for i in range(len(v))
        )
        return told.isdisjoint(part for part in shared if not _OPERATION.fullmatch(part))

    def names(self, text: str) -> bool:
        """Whether a part of a message names something: neither everyday words nor a form."""
        return bool(self._rare(text)) or any(map(self._names_it, words_of(text)))

    def asked_for(self, text: str, topic: Iterable[str] = ()) -> str:
        """Return the disease, drug or procedure that a message asks about; empty where unclear.

        It is what is no everyday word, none of the documents' own and none of a question's form,
        told right before what is asked of it, or pointed back to: "痛风，这个病能办吗".

        Args:
            text: the message.
            topic: names of what is asked for, such as 慢病卡, that are no such name.
        """
        for name in sorted(topic, key=len, reverse=True):
            text = text.replace(name, "|" * len(name))
        spans = [(a, b) for a, b in self._rare(text) if not _OPERATION.fullmatch(text, a, b)]
        names = [
            text[a:b] for a, b in spans if _ASKED.match(text, b) or _ASKED_OF.search(text, 0, a)
        ]
        if not names and len(spans) == 1 and _ASKED_AT_ALL.search(text):
            # 得的系统性硬皮病，交的农村医保，能不能办
            name = text[slice(*spans[0])]
            names = [name] if _A_NAME.search(name) else []
        if not names and _THIS_ONE.search(text):
            names = [text[a:b] for a, b in spans[:1]]
        return names[0] if len(names) == 1 else ""

    def _rare(self, text: str) -> list[tuple[int, int]]:
        """Runs of words of a name, of which one at least is rare."""
        spans: list[tuple[int, int]] = []
        run: list[Word] = []
        for word in (*words_of(text), Word(len(text), "", "")):
            if self._goes_on(word, run):
                run.append(word)
                continue
            if not all(len(w.text) == 1 for w in run):
                run = _trimmed(run)
                if any(map(self._names_it, run)):
                    spans.append((run[0].start, run[-1].end))
            elif len(run) >= SHORTEST:
                spans.append((run[0].start, run[-1].end))
            run = []
        return spans

    def _goes_on(self, word: Word, run: list[Word]) -> bool:
        """Whether a word may be part of a name; an action only of one begun, as 搭桥."""
        form = _is_form(word.text) or _ASKED.match(word.text) or _ASKED_OF.fullmatch(word.text)
        if form or not word.text.isalnum() or word.tag[:1] in "uyr":
            return False
        # A name that no dictionary has falls apart into single characters.
        noun = word.tag.startswith((*NAMING, "l")) or len(word.text) == 1
        return noun or word.text in self._parts or (bool(run) and word.tag[:1] == "v")

    def _names_it(self, word: Word) -> bool:
        """Whether a word makes a name another one, as 角膜 does beside 移植."""
        if word.text in self._parts:
            return True
        own = word.tag.startswith((*NAMING, "v")) and word.text not in self._plain
        return own and len(word.text) > 1 and rjieba.suggest_freq(word.text) < _ORDINARY

    def _told(self, name: str, text: str, words: tuple[Word, ...]) -> int:
        """Return how much of a name the text tells: 0 where it tells another, or none."""
        stem = _KIND.sub("", name)
        if stem != name and any(w.text.endswith(stem) and w.text != stem for w in words):
            return len(name)
        if (organ := _TRANSPLANT.fullmatch(name)) and self._replaced(organ[1], text):
            return len(name)
        held = sum(char in text for char in name)
        if held < 2:
            return 0
        if where(name, text) >= 0 or abbreviated(name, words, self._plain):
            return len(name)
        if chronic(name, text, words):
            return len(name)
        parts = list(shared_parts(name, text)) if held >= SHORTEST else []
        longest = max((end - start for start, end in parts), default=0)
        same = (
            self._is_same(name, start, end, text) for start, end in parts if end - start == longest
        )
        return longest if any(same) else 0

    def _replaced(self, organ: str, text: str) -> bool:
        """Whether 换 tells a transplant: 换了个肾, but not 换心瓣膜 or 换心情."""
        for said in re.finditer(rf"换(?:[了过个颗一]*){organ}", text):
            follows = next((w for w in words_of(text) if w.start >= said.end()), None)
            named = follows is not None and follows.tag[:1] in "nav" and self._names_it(follows)
            if not named and any(w.end == said.end() for w in words_of(text)):
                return True
        return False

    def _is_same(self, name: str, start: int, end: int, text: str) -> bool:
        """Whether nothing stands in the text where the rest of the name would, as 硬皮病 does."""
        at = where(name[start:end], text)
        until = at + end - start
        words = words_of(text)
        # The shared part ends within words, and words of a name may stand beside them.
        first = min(w.start for w in words if w.end > at)
        last = max(w.end for w in words if w.start < until)
        spans = [(a, b) for a, b in self._rare(text) if a < until and b > at]
        first, last = min([first, *(a for a, _ in spans)]), max([last, *(b for _, b in spans)])
        return not (
            (start > 0 and self._replaces(text[first:at], name[:start]))
            or (end < len(name) and self._replaces(text[until:last], name[end:]))
        )

    def _replaces(self, own: str, rest: str) -> bool:
        """Whether what is told beside the shared part stands for the rest of the name."""
        if set(own) & set(rest):
            return False
        nouns = (w.text for w in words_of(own) if w.tag[:1] == "n" and w.text in self._plain)
        for noun in nouns:
            own = own.replace(noun, "")
        return bool(_KIND.sub("", own))


def _beside_another(name: str, text: str) -> bool:
    """Whether a name is set beside another one: 癌症和冠心病."""
    others = r"(?:[和跟与、]|还是)"
    return bool(re.search(rf"{others}{re.escape(name)}|{re.escape(name)}病?{others}", text))


def _trimmed(run: list[Word]) -> list[Word]:
    """The name in a run of words: 角膜移植 of 北京做角膜移植."""
    done = max(
        (i for i, w in enumerate(run) if i and w.tag == "v" and len(w.text) == 1), default=-1
    )
    run = run[done + 1 :]
    while run and len(run[-1].text) == 1 and run[-1].tag[:1] != "n":
        run = run[:-1]
    return run


def enumerated(clause: Clause) -> tuple[str, ...]:
    """Return the names that one line of a clause lists: "病种：血友病、…"."""
    lines = (_ENUMERATED.fullmatch(block.text) for block in blocks(clause.text))
    return tuple(name for line in lines if line for name in line["names"].split("、"))


def sentences(clause: Clause) -> tuple[str, ...]:
    """Return what a clause says outside its lists and tables."""
    return tuple(block.text for block in blocks(clause.text) if block.kind == "sentence")


def _plain_words(clause: Clause) -> Iterator[str]:
    """The words of a clause's heading and sentences: what documents speak of in general."""
    for sentence in (clause.heading, *sentences(clause)):
        yield from rjieba.cut(sentence, hmm=False)


def _is_form(word: str) -> bool:
    """Whether a word is part of how a question is put, or of who asks."""
    tables = (
        *(cue for table in ("insurance", "person", "intent", "kinds") for cue in cues(table)),
        *(cue for fact in ("student", "employment", "route") for cue in cues("facts", fact)),
    )
    return is_filler(word) or word in _PLACES or any(cue.fullmatch(word) for _, cue in tables)


def _other_names(clauses: Iterable[Clause]) -> Iterator[tuple[str, str]]:
    """Names that a list of any place gives a second one in brackets: 恶性肿瘤（癌症）."""
    for clause in clauses:
        for block in blocks(clause.text) if clause.lists else ():
            if match := _OTHER_NAME.fullmatch(block.text):
                yield match["name"], match["other"]


def _items(clause: Clause) -> Iterator[tuple[str, Listed]]:
    benefit, *facts = clause.lists
    implied = dict(_fact(fact) for fact in facts)
    for block in blocks(clause.text):
        if block.kind == "sentence":
            continue
        name = block.cells[0][1] if block.cells else block.text
        for part in _PARTS.split(name):
            # 原特药：赫赛汀、格列卫 are names of their own.
            own = part if "：" in name else name
            listed = Listed(clause.id, own, benefit, implied)
            variant = _FILLERS.sub("", part.strip())
            if len(variant) >= SHORTEST - 1 and not only_grade(part, name):
                yield variant, listed


def _fact(stated: str) -> tuple[str, FactValue]:
    name, _, value = stated.partition("=")
    return name, {"true": True, "false": False}.get(value, value)
