"""Proof that the policy library restates its sources completely and adds no figure.

`check` compares the documents with the source files that their clauses name, in both directions:

* every figure of a source stands in a clause that restates that place, every listed name in the
  clause that restates that list;
* every figure of a clause stands in a source that it names, at a place that reads like the clause.

A figure that stands nowhere in the source is always found; one that stands elsewhere in it and is
wrong here, in about half of the cases.

What is rightly different (a mended misprint, a heading) stands with its reason in
``corpus/documents/<region>/exceptions.toml``::

    [[exception]]
    where = "000_….txt"  # the source file, or the clause's id
    text = "慢性再生障性贫血"
    reason = "misprint of 慢性再生障碍性贫血"
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import LIBRARY, Document
from corpus.figures import Figure, figures
from corpus.names import NameList, letters, name_lists
from corpus.restatement import Likeness, Place, Restatement, Source

NEAR = 0.2
"""Likeness to a place, as a share of the best clause's, from which a clause may restate it. The
lowest of a right clause in the first four regions is 0.23."""
SAME_PLACE = 0.4
"""Likeness to a line, as a share of the best place's, from which a place may back its figures. The
lowest of a right place in the first four regions is 0.44; of the wrong ones more than half lie
below."""
CLAUSE = 0.6
"""Weight of the whole clause beside the line in which a figure stands."""
LONG_LIST = 5
"""From so many names on, a list stands together in one clause."""
MOST_OF_LIST = 0.6
"""Names of a list that a clause has, as a share of the most in any clause, to be the list's."""

_DURATIONS = {"月", "天", "年", "岁", "百分点", "工作日"}
_COUNTS = {"种", "家", "类", "次"}
_AS_OF = re.compile(r"\d{4}(-\d{2}){0,2}|unknown")
_REFERENCE = re.compile(r"《(?P<title>[^》\n]+)》(?:的“(?P<clause>[^”\n]+)”)?|见“(?P<own>[^”\n]+)”")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One fault: where it is and what to do about it."""

    file: str
    line: int
    text: str
    where: str = ""
    """Clause id or source file, as an exception names it."""
    subject: str = ""
    """The figure or name that it is about."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def check(
    documents: Sequence[Document], sources: Path | None, library: Path = LIBRARY
) -> list[Complaint]:
    """Every fault of the documents; none means complete.

    Args:
        documents: the library, as `corpus.documents.load` gives it.
        sources: folder of the source files, as plain text; without it only the documents
            themselves are checked.
        library: folder of the documents, with each region's ``exceptions.toml``.

    Raises:
        DocumentError: a source file is not UTF-8.
    """
    complaints = [*_front_matter(documents)]
    texts: dict[str, Source] = {}
    if sources is not None:
        texts = {path.name: Source(path) for path in sorted(sources.glob("*.txt"))}
        clauses = [Restatement(c, d, texts) for d in documents for c in d.clauses]
        likeness = Likeness(clause.pairs for clause in clauses)
        complaints += _unproven(documents, texts)
        for source in texts.values():
            restating = [clause for clause in clauses if source in clause.sources]
            complaints += _dropped_figures(source, restating, likeness)
            complaints += _dropped_names(source, restating)
        for clause in clauses:
            complaints += _added_figures(clause, likeness, _own_figures(clause, documents))
            complaints += _reordered(clause)
    complaints += _references(documents, texts.values())
    return _without_exceptions(complaints, documents, library, proven=sources is not None)


def _front_matter(documents: Iterable[Document]) -> Iterator[Complaint]:
    ids = Counter(clause.id for document in documents for clause in document.clauses)
    for document in documents:
        file = f"{document.id}.md"
        if not _AS_OF.fullmatch(document.as_of):
            yield Complaint(file, 1, f"as_of '{document.as_of}': write YYYY-MM or unknown")
        if document.hotline != "unknown" and not any(figures(document.hotline)):
            yield Complaint(file, 1, f"hotline '{document.hotline}': write the number or unknown")
        for clause in document.clauses:
            if ids[clause.id] > 1:
                yield Complaint(file, clause.line, f"{clause.id} stands twice; rename one")


def _references(documents: Sequence[Document], sources: Iterable[Source]) -> Iterator[Complaint]:
    """《…》 is a document of the region or stands in a source; “…” behind it or 见 is a clause."""
    named = letters("\n".join(source.text for source in sources))
    for document in documents:
        titles = {d.title: d for d in documents if d.region == document.region}
        for clause in document.clauses:
            for match in _REFERENCE.finditer(clause.text):
                title, heading = match["title"], match["clause"] or match["own"]
                target = titles.get(title or document.title)
                if target is None and named and letters(title) not in named:
                    text = f"《{title}》 is neither a document of {document.region} nor in a source"
                elif target and heading and heading not in {c.section for c in target.clauses}:
                    text = f"《{target.title}》 has no clause “{heading}”; name one that it has"
                else:
                    continue
                line = clause.line + clause.text.count("\n", 0, match.start())
                yield Complaint(f"{document.id}.md", line, text, clause.id, heading or title)


def _unproven(documents: Iterable[Document], sources: Mapping[str, Source]) -> Iterator[Complaint]:
    cited = {clause.source for document in documents for clause in document.clauses}
    for document in documents:
        for name in sorted({clause.source for clause in document.clauses} - set(sources)):
            text = f"source {name} isn't among the given files (*.txt), so nothing is proven"
            yield Complaint(f"{document.id}.md", 1, text, document.id, name)
        numbers = [p.figure for source in sources.values() for p in source.places]
        for hotline in figures(document.hotline):
            if not any(hotline.matches(number) for number in numbers):
                text = f"hotline {document.hotline} stands in no source; write unknown"
                yield Complaint(f"{document.id}.md", 1, text, document.id, document.hotline)
    for name in sorted(set(sources) - cited):
        yield Complaint(name, 1, "no clause restates this source", name, name)


def _dropped_figures(
    source: Source, clauses: Sequence[Restatement], likeness: Likeness
) -> Iterator[Complaint]:
    dates = [f for clause in clauses for f in _date(clause.clause.as_of)]
    for place in source.places:
        figure = place.figure
        if place.numbering or _mere_word(figure) or any(map(figure.matches, dates)) or not clauses:
            continue
        scores = [(likeness(place.pairs, clause.pairs), clause) for clause in clauses]
        best, closest = max(scores, key=lambda scored: scored[0])
        near = [clause for score, clause in scores if score >= NEAR * best]
        if not any(figure.matches(stated) for clause in near for stated in clause.figures):
            text = f"'{figure.written}' is not restated; add it, perhaps to {closest.clause.id}"
            line = source.line(figure.start)
            yield Complaint(source.name, line, text, source.name, figure.written)


def _dropped_names(source: Source, clauses: Sequence[Restatement]) -> Iterator[Complaint]:
    everywhere = [clause.whole for clause in clauses]
    for names in name_lists(source.text):
        near, place = everywhere, "a clause"
        if len(names.names) >= LONG_LIST and clauses:
            clause = _restating(names, clauses)
            listed = clause.items.count(names) * 2 >= len(names.names)
            near = [clause.items if listed else clause.whole]
            place = f"{clause.clause.id}, which has the list"
        for name in names.names:
            if not any(text.have(name.text, row=names.rows) for text in near):
                text = f"'{name.text}' is not restated; add it to {place}"
                yield Complaint(source.name, source.line(name.start), text, source.name, name.text)


def _restating(names: NameList, clauses: Sequence[Restatement]) -> Restatement:
    """The clause that restates a list: it has most of the names and little else."""
    counts = [clause.whole.count(names) for clause in clauses]
    most = max(counts)
    candidates = (
        (count / len(clause.text), clause)
        for count, clause in zip(counts, clauses, strict=True)
        if count >= MOST_OF_LIST * most
    )
    return max(candidates, key=lambda candidate: candidate[0])[1]


def _own_figures(clause: Restatement, documents: Iterable[Document]) -> list[Figure]:
    """Figures that a clause may mention beside its sources: the region's hotlines and dates."""
    own = [d for d in documents if d.region == clause.clause.region]
    return [f for d in own for f in (*_date(d.as_of), *figures(d.hotline))]


def _date(as_of: str) -> Iterator[Figure]:
    return figures(re.sub(r"(\d{4})(?:-(\d{2}))?", r"\1年\2月", as_of))


def _added_figures(
    clause: Restatement, likeness: Likeness, own: Sequence[Figure]
) -> Iterator[Complaint]:
    places = [place for source in clause.sources for place in source.places]
    whole = [CLAUSE * likeness(place.pairs, clause.pairs) for place in places]
    lines: dict[frozenset[str], list[float]] = {}
    for figure in clause.figures if places else ():
        count = figure.spelled and figure.unit not in _DURATIONS
        if count or _mere_word(figure) or any(map(figure.matches, own)):
            continue
        line = clause.line_pairs(figure.start)
        if line not in lines:
            lines[line] = [w + likeness(p.pairs, line) for w, p in zip(whole, places, strict=True)]
        scores = lines[line]
        here = [s for s, p in zip(scores, places, strict=True) if _backs(p, figure)]
        if not here:
            text = f"'{figure.written}' stands in no source of this clause; correct or remove it"
        elif max(here) < SAME_PLACE * max(scores) and figure.unit not in _COUNTS:
            text = f"'{figure.written}' stands in the source, but not about this; check it"
        else:
            continue
        yield _about(clause, figure.start, figure.written, text)


def _backs(place: Place, figure: Figure) -> bool:
    """The number of an item backs that number itself and a count of items, no other figure."""
    if place.numbering and figure.unit not in {"", *_COUNTS}:
        return False
    return figure.matches(place.figure)


def _mere_word(figure: Figure) -> bool:
    """一年, 一次; 两种, 2 类: grammar more than figures."""
    return (figure.spelled and figure.value == 1) or (
        figure.value in (1, 2) and figure.unit in _COUNTS
    )


def _reordered(clause: Restatement) -> Iterator[Complaint]:
    """A table whose figures the source has side by side, but in another order."""
    runs = [[p.figure.value for p in s.places if not p.numbering] for s in clause.sources]
    for column in _columns(clause.text):
        values = [figure.value for figure in column]
        size = len(values)
        windows = [run[i : i + size] for run in runs for i in range(len(run) - size + 1)]
        if values not in windows and any(Counter(w) == Counter(values) for w in windows):
            written = "、".join(figure.written for figure in column)
            text = f"the source has {written} in another order; check which belongs to which row"
            yield _about(clause, clause.text.find(column[0].written), written, text)


def _columns(text: str) -> Iterator[list[Figure]]:
    """Columns and rows of tables that have one figure of the same unit in each of their cells."""
    for table in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        rows = [
            [[f for f in figures(cell) if not f.spelled] for cell in row.strip(" |").split("|")]
            for row in table.splitlines()[2:]
        ]
        for line in (*rows, *zip(*rows, strict=False)):
            cells = [cell for cell in line if cell]
            alike = all(len(cell) == 1 and cell[0].unit == cells[0][0].unit for cell in cells)
            if len(cells) > 1 and alike:
                yield [cell[0] for cell in cells]


def _about(clause: Restatement, offset: int, subject: str, text: str) -> Complaint:
    return Complaint(clause.file, clause.line(offset), text, clause.clause.id, subject)


def _without_exceptions(
    complaints: Iterable[Complaint], documents: Iterable[Document], library: Path, *, proven: bool
) -> list[Complaint]:
    """Complaints less the exceptions; an exception that excuses nothing is a complaint."""
    left = list(complaints)
    for region in sorted({document.region for document in documents}):
        path = library / region / "exceptions.toml"
        entries = tomllib.loads(path.read_text("utf-8"))["exception"] if path.exists() else []
        for entry in entries:
            excused = [c for c in left if (c.where, c.subject) == (entry["where"], entry["text"])]
            left = [c for c in left if c not in excused]
            text = "" if entry.get("reason") else "has no reason; give one"
            if proven and not excused:
                text = "is not needed; remove it"
            if text:
                text = f"the exception for '{entry['text']}' {text}"
                left.append(Complaint(f"{region}/exceptions.toml", 1, text))
    return left
