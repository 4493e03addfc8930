"""How people say things: the regular expressions of ``cues.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("cues.toml")


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def cues(*table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each value of a table and the pattern of how it is said, in the file's order."""
    content: Any = _tables()
    for name in table:
        content = content[name]
    return tuple((value, _pattern(said)) for value, said in content.items())


def first_said(text: str, *table: str) -> str | None:
    """Return the first value of a table that a text says; None where it says none."""
    return next((value for value, cue in cues(*table) if cue.search(text)), None)


def facts_with_cues() -> tuple[str, ...]:
    """Return the facts that the file has."""
    return tuple(_tables()["facts"])


@cache
def replied() -> dict[str, tuple[tuple[Any, re.Pattern[str]], ...]]:
    """Return what few words mean that answer the question for a fact, by the fact."""
    two = {"true": True, "false": False}
    return {
        fact: tuple((two.get(value, value), cue) for value, cue in cues("replies", fact))
        for fact in _tables()["replies"]
    }


def _pattern(said: list[str]) -> re.Pattern[str]:
    pattern = "|".join(said)
    for name, piece in _tables()["words"].items():
        pattern = pattern.replace(f"<{name}>", piece)
    return re.compile(pattern)
