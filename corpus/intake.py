"""An operator's file becomes a document of the library, for review, and is indexed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from corpus.convert import ConversionError, to_markdown
from corpus.documents import Document, DocumentError, parse
from corpus.embedding import Embedder
from corpus.index import Library

_LONGEST = 1200
"""Characters of a clause that a paragraph end divides; a table stays whole."""

_HEADING = re.compile(r"(?P<level>#{1,6})\s+(?P<title>.*\S)")
_NUMBERED = re.compile(
    r"(?P<number>第[一二三四五六七八九十百零\d]+[编章节条]|[一二三四五六七八九十]+、"
    r"|[（(][一二三四五六七八九十]+[)）])\s*(?P<rest>.*)"
)
_HEADING_LENGTH = 30
_LEVELS = {"编": 1, "章": 2, "节": 3, "条": 4, "、": 4, ")": 5, "）": 5}


@dataclass(frozen=True, slots=True)
class Origin:
    """What the file itself doesn't tell; the fields of the front matter."""

    title: str
    region: str
    insurance: str
    as_of: str = "unknown"
    issuer: str = "unknown"
    hotline: str = "unknown"


def add(
    file: Path, origin: Origin, library: Library, embedder: Embedder, *, replace: bool = False
) -> tuple[Path, Document]:
    """Convert a file, write it into the library and index it; all of it or nothing.

    Args:
        file: see `corpus.convert`.
        origin: title, region and the like.
        library: where it goes.
        embedder: of the index.
        replace: whether a document of the same file name may be replaced.

    Returns:
        The new Markdown file, to be reviewed, and what stands in it.

    Raises:
        ConversionError: the file or what was said of it can't be taken; nothing has changed.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", origin.region):
        raise ConversionError(f"--region {origin.region}: write it as in 'wuxi', a to z and '-'.")
    name = _name(file)
    target = library.documents / origin.region / f"{name}.md"
    before = target.read_bytes() if target.exists() else None
    if before is not None and not replace:
        raise ConversionError(f"{target} is there already; give --replace to replace it.")
    text = as_document(to_markdown(file), file.name, origin)
    try:
        document = parse(text, f"{origin.region}/{name}", where=file.name)
    except DocumentError as error:
        raise ConversionError(str(error)) from error
    _write(target, text.encode())
    try:
        library.open(embedder)
    except BaseException:
        _restore(target, before)
        raise
    return target, document


def as_document(markdown: str, source: str, origin: Origin) -> str:
    """Markdown of any kind in the library's format.

    Args:
        markdown: headings of any level, or numbered as Chinese regulations are.
        source: the file's name.
        origin: the front matter.
    """
    front = {
        "title": origin.title,
        "region": origin.region,
        "insurance": origin.insurance,
        "source": source,
        "section": "全文",
        "issuer": origin.issuer,
        "as_of": origin.as_of,
        "hotline": origin.hotline,
    }
    parts = [f"---\n{yaml.safe_dump(front, allow_unicode=True, sort_keys=False)}---\n"]
    for number, (heading, body) in enumerate(_clauses(markdown, origin.title), start=1):
        parts.append(f"## {heading} {{#part-{number}}}\n\n> 来源：{heading}\n\n{body}\n")
    return "\n".join(parts)


def _clauses(markdown: str, title: str) -> Iterator[tuple[str, str]]:
    for path, lines in _sections(markdown.splitlines()):
        heading = " · ".join(step for step in path if step != title) or title
        bodies = list(_divided("\n".join(lines).strip()))
        for number, body in enumerate(bodies, start=1):
            yield (f"{heading}（{number}）" if len(bodies) > 1 else heading), body


def _sections(lines: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Paths of headings with the lines below them."""
    heading_of = _marked if any(map(_HEADING.fullmatch, lines)) else _numbered
    path: dict[int, str] = {}
    body: list[str] = []
    for line in lines:
        level, heading, rest = heading_of(line.strip())
        if not level:
            body.append(line.lstrip("> "))
            continue
        yield list(path.values()), body
        path = {above: step for above, step in path.items() if above < level} | {level: heading}
        body = [rest]
    yield list(path.values()), body


def _marked(line: str) -> tuple[int, str, str]:
    match = _HEADING.fullmatch(line)
    return (len(match["level"]), _clean(match["title"]), "") if match else (0, "", "")


def _numbered(line: str) -> tuple[int, str, str]:
    match = _NUMBERED.fullmatch(line)
    if not match:
        return 0, "", ""
    level = _LEVELS[match["number"][-1]]
    if len(line) <= _HEADING_LENGTH and not re.search(r"[。；，,;]", line):
        return level, _clean(line), ""
    # 第三条 with its text on the same line; 一、 and （一） with text are items of a list.
    return (level, match["number"], match["rest"]) if match["number"][0] == "第" else (0, "", "")


def _clean(heading: str) -> str:
    return re.sub(r"[#{}*`>]", "", heading).strip() or "（无标题）"


def _divided(body: str) -> Iterator[str]:
    """A body in parts not much longer than `_LONGEST`, cut between paragraphs and tables."""
    part = ""
    for paragraph in re.split(r"\n(?=[^|\n])", body):
        if part.strip() and len(part) + len(paragraph) > _LONGEST:
            yield part.strip()
            part = ""
        part += paragraph + "\n"
    if part.strip():
        yield part.strip()


def _name(file: Path) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "file"
    if file.stem.isascii():
        return slug
    return f"{slug}-{hashlib.sha256(file.stem.encode()).hexdigest()[:8]}"


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".new")
    beside.write_bytes(data)
    os.replace(beside, target)


def _restore(target: Path, before: bytes | None) -> None:
    if before is not None:
        _write(target, before)
        return
    target.unlink()
    if not any(target.parent.iterdir()):
        target.parent.rmdir()
