"""What people ask under load: mostly what others have asked before, sometimes something new."""

from __future__ import annotations

import functools
import random

from evals.speed import messages_of_sets

KNOWN = 100
"""Questions that a replica has answered before."""


@functools.cache
def known_questions() -> tuple[str, ...]:
    """The same in every process, spread over the question sets."""
    asked = sorted({message for message in messages_of_sets() if len(message) >= 8})
    return tuple(random.Random(0).sample(asked, KNOWN))


def new_question() -> str:
    """A question in words that no replica has seen, whose vector has to be computed."""
    days, age = random.randint(2, 60), random.randint(20, 90)
    asked, season = random.choice(known_questions()), random.choice("春夏秋冬")
    return f"我{age}岁，{asked}，住了{days}天，{season}天的事"
