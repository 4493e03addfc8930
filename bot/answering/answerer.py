"""What the conversation needs of an answerer; the embedded one and the model's stand behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.answering.draft import Draft
from bot.memory import Turn
from bot.understanding.inquiry import Inquiry
from corpus.documents import Clause


class Answerer(Protocol):
    """Turns an inquiry into a draft."""

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses by id."""
        ...

    def answer(
        self, inquiry: Inquiry, history: Sequence[Turn] = (), within: float | None = None
    ) -> Draft:
        """Answer, ask for one decisive fact, or say that the documents don't say.

        Args:
            inquiry: what is asked and all that is known.
            history: the last turns, oldest first.
            within: seconds in which the answer is due; None: the answerer's own.
        """
        ...
