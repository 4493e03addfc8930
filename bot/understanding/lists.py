"""Diseases, drugs and procedures that clauses list, and what follows when a patient names one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import rjieba

from bot.understanding.cues import cues
from bot.understanding.facts import FactValue
from bot.understanding.grades import choose_grade, only_grade
from bot.understanding.topics import is_filler
from bot.understanding.typos import sounds_like
from corpus.blocks import blocks
from corpus.documents import Clause

_SHORTEST = 3
_SHARE = 0.6
# 肾移植 and 肾脏移植术 are one name, and so are 尿毒症 and 尿毒症期.
_FILLERS = re.compile(r"[脏术]|(?<=症)期$")
_OF_ONE_KIND = re.compile(r"^非?(?![慢急])\w{1,2}性|(?:自体|同种异体)(?=移植)")
_TRANSPLANT = re.compile(r"(\w{1,3})移植")
_PARTS = re.compile(r"[（）、，；：]|或者?|和|含")
_OTHER_NAME = re.compile(r"(?P<name>\w+)（(?P<other>\w{1,5}[病症])）")
_ENUMERATED = re.compile(r"(?:病种|疾病|药品|手术|项目)：(?P<names>.+?)。?")
_KIND = re.compile(r"[病症]$")
_ABBREVIATED = (2, 4)
"""Characters of an abbreviation: 再障, 慢阻肺."""
_PLACES = ("门诊", "住院", "急诊")  # no part of a name: 痛风门诊能办吗
_NAMING = ("n", "a", "b", "j", "g", "z", "vn", "vg", "x")
"""jieba's tags of words that a name is made of; an action (移植) where lists hold it."""
_GRAMMAR = "duyrpcm"
"""jieba's tags of words that no abbreviation has: 慢不 of "能办门慢不" is none."""
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
_LONG = re.compile(r"老|慢|常年|长年|年了")
_THIS_ONE = re.compile(r"[这那][个种]?(?:病|药|手术|项目)|[我他她它]这[个种]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A name of a list, found in a message."""

    clause: str
    name: str
    benefit: str
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    text: str
    tag: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


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
        words = _words(text)
        best: dict[str, tuple[int, Listed]] = {}
        open_to = [
            (variant, item)
            for variant, scheme, item in self._names.get(region or "", ())
            if not insurance or scheme in (insurance, "both")
        ]
        for variant, item in open_to:
            length = self._told(variant, text, words)
            if length > best.get(item.clause, (0, item))[0]:
                best[item.clause] = (length, item)
        longest = max((length for length, _ in best.values()), default=0)
        found = [item for length, item in best.values() if length == longest]
        before = {item.name for item in found}
        names = choose_grade(text, before, [item.name for _, item in open_to]) if found else before
        of_grade = {item.name: item for _, item in open_to if item.name in names - before}
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
            if core == variant or len(core) < _SHORTEST or scheme not in (insurance, "both"):
                continue
            held = sum(char in text for char in core)
            if core[:2] in text and held > _SHARE * len(core):
                return item
        return None

    def names(self, text: str) -> bool:
        """Whether a part of a message names something: neither everyday words nor a form."""
        return bool(self._rare(text)) or any(map(self._names_it, _words(text)))

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
        run: list[_Word] = []
        for word in (*_words(text), _Word(len(text), "", "")):
            if self._goes_on(word, run):
                run.append(word)
                continue
            if not all(len(w.text) == 1 for w in run):
                run = _trimmed(run)
                if any(map(self._names_it, run)):
                    spans.append((run[0].start, run[-1].end))
            elif len(run) >= _SHORTEST:
                spans.append((run[0].start, run[-1].end))
            run = []
        return spans

    def _goes_on(self, word: _Word, run: list[_Word]) -> bool:
        """Whether a word may be part of a name; an action only of one begun, as 搭桥."""
        form = _is_form(word.text) or _ASKED.match(word.text) or _ASKED_OF.fullmatch(word.text)
        if form or not word.text.isalnum() or word.tag[:1] in "uyr":
            return False
        # A name that no dictionary has falls apart into single characters.
        noun = word.tag.startswith((*_NAMING, "l")) or len(word.text) == 1
        return noun or word.text in self._parts or (bool(run) and word.tag[:1] == "v")

    def _names_it(self, word: _Word) -> bool:
        """Whether a word makes a name another one, as 角膜 does beside 移植."""
        if word.text in self._parts:
            return True
        own = word.tag.startswith((*_NAMING, "v")) and word.text not in self._plain
        return own and len(word.text) > 1 and rjieba.suggest_freq(word.text) < _ORDINARY

    def _told(self, name: str, text: str, words: tuple[_Word, ...]) -> int:
        """Return how much of a name the text tells: 0 where it tells another, or none."""
        stem = _KIND.sub("", name)
        if stem != name and any(w.text.endswith(stem) and w.text != stem for w in words):
            return len(name)
        if (organ := _TRANSPLANT.fullmatch(name)) and self._replaced(organ[1], text):
            return len(name)
        held = sum(char in text for char in name)
        if held < 2:
            return 0
        if _where(name, text) >= 0 or _abbreviated(name, words) or _chronic(name, text, words):
            return len(name)
        parts = list(_shared_parts(name, text)) if held >= _SHORTEST else []
        longest = max((end - start for start, end in parts), default=0)
        same = (
            self._is_same(name, start, end, text) for start, end in parts if end - start == longest
        )
        return longest if any(same) else 0

    def _replaced(self, organ: str, text: str) -> bool:
        """Whether 换 tells a transplant: 换了个肾, but not 换心瓣膜 or 换心情."""
        for said in re.finditer(rf"换(?:[了过个颗一]*){organ}", text):
            follows = next((w for w in _words(text) if w.start >= said.end()), None)
            named = follows is not None and follows.tag[:1] in "nav" and self._names_it(follows)
            if not named and any(w.end == said.end() for w in _words(text)):
                return True
        return False

    def _is_same(self, name: str, start: int, end: int, text: str) -> bool:
        """Whether nothing stands in the text where the rest of the name would, as 硬皮病 does."""
        at = _where(name[start:end], text)
        until = at + end - start
        words = _words(text)
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
        nouns = (w.text for w in _words(own) if w.tag[:1] == "n" and w.text in self._plain)
        for noun in nouns:
            own = own.replace(noun, "")
        return bool(_KIND.sub("", own))


def _trimmed(run: list[_Word]) -> list[_Word]:
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


def tells(name: str, text: str) -> bool:
    """Whether a normalised text tells a name of a clause, in full or as it is abbreviated: 再障."""
    return _where(name, text) >= 0 or _abbreviated(name, _words(text))


def sentences(clause: Clause) -> tuple[str, ...]:
    """Return what a clause says outside its lists and tables."""
    return tuple(block.text for block in blocks(clause.text) if block.kind == "sentence")


def _words(text: str) -> tuple[_Word, ...]:
    words: list[_Word] = []
    for word, tag in rjieba.tag(text, hmm=False):
        words.append(_Word(words[-1].end if words else 0, word, tag))
    return tuple(words)


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
            if len(variant) >= _SHORTEST - 1 and not only_grade(part, name):
                yield variant, listed


def _fact(stated: str) -> tuple[str, FactValue]:
    name, _, value = stated.partition("=")
    return name, {"true": True, "false": False}.get(value, value)


def _where(name: str, text: str) -> int:
    """Where the text holds a name, misspelt perhaps; -1 where it doesn't."""
    at, size = text.find(name), len(name)
    if at >= 0 or size < _SHORTEST or 2 * sum(char in text for char in name) <= size:
        return at
    windows = (i for i in range(len(text) - size + 1) if sounds_like(text[i : i + size], name))
    return next(windows, -1)


def _abbreviated(name: str, words: tuple[_Word, ...]) -> bool:
    """Whether neighbouring words are the first characters of those of a name, as 慢阻肺."""
    at = _beginnings(name)
    shortest, longest = _ABBREVIATED
    for i in range(len(words)):
        for n in range(1, longest + 1):
            said = "".join(word.text for word in words[i : i + n])
            if words[i : i + n][-1].tag[:1] in _GRAMMAR:
                break
            if (
                shortest <= len(said) <= longest
                and said[0] == name[0]
                and _in_order(said, name, at)
            ):
                return True
    return False


def _chronic(name: str, text: str, words: tuple[_Word, ...]) -> bool:
    """Whether a disease of long standing is told by its last word: 老哮喘 is 慢性支气管哮喘."""
    if not name.startswith("慢性") or not _LONG.search(text):
        return False
    before = (None, *words)
    return any(
        len(word.text) > 1
        and name.endswith(word.text)
        and "性" not in name[2 : -len(word.text)]
        and (other is None or _is_apart(other))
        for other, word in zip(before, words, strict=False)
    )


def _is_apart(word: _Word) -> bool:
    """Whether a word before a name is no part of it, as 肾 of 肾衰竭 is."""
    named = word.text.isalnum() and word.tag.startswith(_NAMING)
    return not named or word.text in ("老", "慢性")


def _beginnings(name: str) -> frozenset[int]:
    """Where the words of a name begin, those within longer words too."""
    found = {name.find(word) for word in rjieba.cut_for_search(name, hmm=False)}
    return frozenset(found)


def _in_order(said: str, name: str, at: frozenset[int]) -> bool:
    since = 0
    for char in said:
        since = next((i for i in sorted(at) if i >= since and name[i] == char), -1) + 1
        if not since:
            return False
    return True


def _shared_parts(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Parts of a name that the text holds and that are enough to mean it, the longest first.

    How a name begins is how people call it: 帕金森 for 帕金森氏综合症.
    """
    enough = max(_SHORTEST, int(len(name) * _SHARE + 0.5))
    for length in range(len(name) - 1, _SHORTEST - 1, -1):
        last = len(name) - length if length >= enough else 0
        for start in range(last + 1):
            if _where(name[start : start + length], text) >= 0:
                yield start, start + length
