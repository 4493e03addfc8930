"""Sources and clauses as the completeness check compares them: figures, names, likeness.

Which place of a source reads like which clause is told by the pairs of letters that they share,
each pair weighed by how few clauses have it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Clause, Document, DocumentError
from corpus.figures import Figure, figures
from corpus.names import NameList, letters, without_brackets

WINDOW = 80
"""Letters of the source before and after a figure that count as its place."""

_LIST_NUMBER = re.compile(r"^\s*\d+\. |^\|\s*\d{1,2}\s*\|", re.MULTILINE)
_SOURCE_NUMBER = re.compile(r"^\s*\d{1,2}[、.．，)）\t ](?!\d)|[(（]\d{1,2}[)）]", re.MULTILINE)
_ITEM = re.compile(r"^(?:\s*(?:-|\d+\.) |\|).*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """A figure and the pairs of letters around it."""

    figure: Figure
    pairs: frozenset[str]
    numbering: bool
    """The number of a list's item or of a table's row: needn't be restated."""


class Source:
    """A source file.

    Raises:
        DocumentError: it is not UTF-8.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self.text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise DocumentError(f"{path}: not UTF-8; convert it first") from error
        numbers = {i for m in _SOURCE_NUMBER.finditer(self.text) for i in range(*m.span())}
        self.places = [
            Place(figure, self._around(figure.start), figure.start in numbers)
            for figure in figures(self.text)
        ]

    def _around(self, offset: int) -> frozenset[str]:
        before, after = _words(self.text[:offset]), _words(self.text[offset:])
        return _pairs(before[-WINDOW:] + after[:WINDOW])

    def line(self, offset: int) -> int:
        """Line of the file at an offset of the text."""
        return self.text.count("\n", 0, offset) + 1


class Restatement:
    """A clause and the sources that it names."""

    def __init__(self, clause: Clause, document: Document, sources: Mapping[str, Source]) -> None:
        self.clause = clause
        self.file = f"{document.id}.md"
        self.text = f"{clause.section}\n{clause.text}"
        cited = {clause.source, *(name for name in sources if name in clause.source_section)}
        self.sources = [sources[name] for name in sorted(cited) if name in sources]
        numbers = {i for m in _LIST_NUMBER.finditer(self.text) for i in range(*m.span())}
        self.figures = [f for f in figures(self.text) if f.start not in numbers]
        self.pairs = _pairs(f"{clause.title}\n{self.text}")
        self.whole = Names(self.text)
        self.items = Names("\n".join(_ITEM.findall(self.text)))

    def line(self, offset: int) -> int:
        """Line of the file at an offset of the text."""
        return max(1, self.clause.line - 1 + self.text.count("\n", 0, offset))

    def line_pairs(self, offset: int) -> frozenset[str]:
        """Pairs of the line at an offset, with the headings above it, also a table's."""
        start = self.text.rfind("\n", 0, offset) + 1
        line = self.text[start:].partition("\n")[0]
        header = ""
        if line.startswith("|"):
            header = self.text[:start].rpartition("\n\n")[2].partition("\n")[0]
        return _pairs(f"{self.clause.title}\n{self.clause.section}\n{header}\n{line}")


class Names:
    """A text as a place where names are looked for."""

    def __init__(self, text: str) -> None:
        self._text = _bare(text)
        self._letters = letters(text), letters(without_brackets(text))

    def have(self, name: str, *, row: bool) -> bool:
        """The name stands in the text; the name of a table's row, by itself."""
        if row:  # 第一人民医院 is not there with 第一人民医院新区分院
            return bool(re.search(rf"(?<!\w){re.escape(_bare(name))}(?!\w)", self._text))
        return any(letters(name) in text for text in self._letters)

    def count(self, names: NameList) -> int:
        """How many names of a list stand in the text."""
        return sum(self.have(name.text, row=names.rows) for name in names.names)


class Likeness:
    """How much two texts have in common, each given by its pairs of letters."""

    def __init__(self, texts: Iterable[frozenset[str]]) -> None:
        texts = list(texts)
        found = Counter(pair for text in texts for pair in text)
        weights = {pair: math.log(len(texts) / (1 + n)) for pair, n in found.items()}
        self._weights = {pair: weight for pair, weight in weights.items() if weight > 0}

    def __call__(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Weight of the pairs that both texts have."""
        return math.fsum(self._weights.get(pair, 0.0) for pair in a & b)


def _pairs(text: str) -> frozenset[str]:
    words = _words(text)
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def _words(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def _bare(text: str) -> str:
    """A text without blanks, its brackets in one form."""
    return re.sub(r"[^\S\n]", "", text).replace("（", "(").replace("）", ")")
