"""Policy documents as clauses.

A document is one Markdown file ``corpus/documents/<region>/<name>.md``: front matter, then one
second-level heading a clause::

    ---
    title: 无锡职工住院待遇
    region: wuxi
    insurance: employee            # employee | resident | both
    source: 000_914ce71ad09aa499.txt
    section: 二、住院
    issuer: 医保办
    as_of: 2019-09                 # or unknown
    hotline: 0510-81880202         # or unknown
    ---

    ## 起付标准 {#deductible}

    > 来源：二、住院 · 职工医保起始费支付标准 1
    > 常问：住院门槛费要交多少 / 第二次住院起付线减半吗

    Body in Markdown: sentences, numbered steps, tables.

``来源`` names the section of the source file that the clause restates (and the file, where it is
not the document's own: ``> 来源：001_….txt · 报销``). ``常问`` lists ways patients ask for the
clause; they are searched, never shown. ``> 名单：outpatient_chronic disease_class=1`` says that the
clause lists the diseases, drugs or procedures of a benefit, and which fact of the settlement tool
follows when a patient names one of them. A clause's id is ``<region>/<name>#<anchor>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

Insurance = Literal["employee", "resident", "both"]

LIBRARY = Path(__file__).parent / "documents"

_HEADING = re.compile(r"^## (?P<title>.+?) \{#(?P<anchor>[a-z0-9][a-z0-9-]*)\}$")
_SOURCE_FILE = re.compile(r"^(?P<file>[\w.-]+\.\w{2,4}) · (?P<section>.+)$")
_FRONT_MATTER = ("title", "region", "insurance", "source", "section", "issuer", "as_of", "hotline")


class DocumentError(ValueError):
    """A document can't be read; the message names file, line and what to do."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: the unit that is retrieved, cited and opened."""

    id: str
    title: str
    """The document's title."""
    section: str
    """The clause's own heading."""
    text: str
    """Markdown body, without the heading and the source line."""
    source: str
    """File name of the source document."""
    source_section: str
    region: str
    insurance: Insurance
    as_of: str
    """``YYYY`` or ``YYYY-MM``, or ``unknown``."""
    asks: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """Benefit, then ``fact=value``, that follow from a name in the clause's list."""
    line: int = 0
    """Line of the file where the text begins."""

    @property
    def document(self) -> str:
        """Id of the document that it stands in."""
        return document_of(self.id)

    @property
    def heading(self) -> str:
        """Heading path, as a citation shows it."""
        return f"{self.title} · {self.section}"


def document_of(clause: str) -> str:
    """Id of the document that a clause of this id stands in."""
    return clause.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file of the library."""

    id: str
    title: str
    region: str
    insurance: Insurance
    source: str
    section: str
    issuer: str
    as_of: str
    hotline: str
    clauses: tuple[Clause, ...]


def parse(text: str, name: str, *, where: str = "") -> Document:
    """Read one document.

    Args:
        text: the file's content.
        name: the document's id, ``<region>/<stem>``.
        where: what error messages call the file; the id when empty.

    Raises:
        DocumentError: front matter incomplete, a clause without anchor, source or text, an anchor
            used twice.
    """
    where = where or name
    front, body, first_line = _split_front_matter(text, where)
    clauses = tuple(_clauses(body, first_line, name, front, where))
    if not clauses:
        raise DocumentError(f"{where}: no clause; begin each with '## heading {{#anchor}}'")
    anchors = [c.id for c in clauses]
    if twice := {a for a in anchors if anchors.count(a) > 1}:
        raise DocumentError(f"{where}: anchor used twice: {', '.join(sorted(twice))}")
    fields = {key: str(front[key]) for key in _FRONT_MATTER if key != "insurance"}
    return Document(id=name, insurance=front["insurance"], clauses=clauses, **fields)


def load(library: Path = LIBRARY) -> tuple[Document, ...]:
    """Read the whole library, in the order of its paths.

    Raises:
        DocumentError: as `parse`, or a file stands in another region's folder.
    """
    documents = []
    for path in sorted(library.glob("*/*.md")):
        name = f"{path.parent.name}/{path.stem}"
        document = parse(path.read_text(encoding="utf-8"), name, where=str(path))
        if document.region != path.parent.name:
            raise DocumentError(
                f"{path}: region '{document.region}' in folder '{path.parent.name}'"
            )
        documents.append(document)
    return tuple(documents)


def _split_front_matter(text: str, where: str) -> tuple[dict[str, Insurance], str, int]:
    match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    if not match:
        raise DocumentError(f"{where}:1: begin with front matter between two lines '---'")
    try:
        front = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        raise DocumentError(f"{where}: front matter is not YAML: {error}") from error
    if not isinstance(front, dict):
        raise DocumentError(f"{where}: front matter needs lines 'key: value'")
    if missing := [key for key in _FRONT_MATTER if not front.get(key)]:
        raise DocumentError(f"{where}: front matter lacks {', '.join(missing)}")
    if unknown := sorted(set(front) - set(_FRONT_MATTER)):
        raise DocumentError(f"{where}: front matter has unknown {', '.join(unknown)}")
    if front["insurance"] not in ("employee", "resident", "both"):
        raise DocumentError(f"{where}: insurance is employee, resident or both")
    return front, text[match.end() :], match[0].count("\n") + 1


def _clauses(
    body: str, first_line: int, name: str, front: dict[str, Insurance], where: str
) -> Iterator[Clause]:
    parts = re.split(r"^(?=## )", body, flags=re.MULTILINE)
    line = first_line + parts[0].count("\n")
    if parts[0].strip():
        raise DocumentError(f"{where}:{first_line}: text before the first clause heading")
    for part in parts[1:]:
        yield _clause(part, line, f"{where}:{line}", name, front)
        line += part.count("\n")


def _clause(part: str, line: int, where: str, name: str, front: dict[str, Insurance]) -> Clause:
    heading, _, rest = part.partition("\n")
    match = _HEADING.match(heading.strip())
    if not match:
        raise DocumentError(f"{where}: write the heading as '## heading {{#anchor}}'")
    notes = dict(re.findall(r"^> (来源|常问|名单)：(.+)$", rest, re.MULTILINE))
    text = re.sub(r"^> (?:来源|常问|名单)：.*\n?", "", rest, flags=re.MULTILINE).strip()
    if "来源" not in notes:
        raise DocumentError(f"{where}: the clause lacks its line '> 来源：…'")
    if not text:
        raise DocumentError(f"{where}: the clause has no text")
    other = _SOURCE_FILE.match(notes["来源"])
    return Clause(
        id=f"{name}#{match['anchor']}",
        title=str(front["title"]),
        section=match["title"],
        text=text,
        source=other["file"] if other else str(front["source"]),
        source_section=other["section"] if other else notes["来源"],
        region=str(front["region"]),
        insurance=front["insurance"],
        as_of=str(front["as_of"]),
        asks=tuple(ask.strip() for ask in notes.get("常问", "").split("/") if ask.strip()),
        lists=tuple(notes.get("名单", "").split()),
        line=line + part[: part.index(text.partition("\n")[0], len(heading))].count("\n"),
    )
