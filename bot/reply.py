"""What every channel shows: one value, the same for web, WeChat, API and terminal."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from corpus.documents import Clause


class Status(StrEnum):
    """How a message was dealt with."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    """One question back, its choices in ``follow_ups``."""
    NOT_FOUND = "not_found"
    """The documents don't say; the text names where to ask."""
    OUT_OF_SCOPE = "out_of_scope"
    EMERGENCY = "emergency"


class Citation(BaseModel):
    """A clause that the reply rests on; ``[n]`` in the text points to it."""

    model_config = ConfigDict(frozen=True)

    n: int
    clause: str
    title: str
    section: str
    as_of: str
    source: str
    quote: str

    @classmethod
    def of(cls, n: int, clause: Clause) -> Citation:
        """Cite a clause as number ``n``."""
        return cls(
            n=n,
            clause=clause.id,
            title=clause.title,
            section=clause.section,
            as_of=clause.as_of,
            source=clause.source,
            quote=clause.text,
        )


class Reply(BaseModel):
    """One reply. ``text`` is plain Chinese with ``**bold**``, ``[n]``, numbered lines, tables."""

    model_config = ConfigDict(frozen=True)

    status: Status
    text: str
    region: str | None = None
    insurance: str | None = None
    citations: tuple[Citation, ...] = ()
    estimate: dict[str, Any] | None = None
    """The settlement tool's whole result, where an amount was computed."""
    follow_ups: tuple[str, ...] = ()
    """Messages that the patient can send with one touch."""
    answerer: str = "embedded"
    elapsed_ms: int = 0
