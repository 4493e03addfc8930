"""What the conversation needs of an answerer; the embedded one and the model's stand behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from bot.answering.draft import Draft
from bot.memory import Turn
from bot.understanding.inquiry import Inquiry
from corpus.documents import Clause


@dataclass(frozen=True, slots=True)
class Progress:
    """Something to show while an answer is made.

    ``doing``: what is going on. ``text``: the checked beginning of the answer, in the place of
    any before it; empty where it was taken back.
    """

    kind: Literal["doing", "text"]
    text: str


Watch: TypeAlias = Callable[[Progress], None]


def unwatched(_: Progress) -> None:
    """Show nothing meanwhile."""


class Answerer(Protocol):
    """Turns an inquiry into a draft."""

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses by id."""
        ...

    def answer(
        self,
        inquiry: Inquiry,
        history: Sequence[Turn] = (),
        within: float | None = None,
        watch: Watch = unwatched,
    ) -> Draft:
        """Answer, ask for one decisive fact, or say that the documents don't say.

        Args:
            inquiry: what is asked and all that is known.
            history: the last turns, oldest first.
            within: seconds in which the answer is due; None: the answerer's own.
            watch: told what is going on, where that takes longer than a moment.
        """
        ...
