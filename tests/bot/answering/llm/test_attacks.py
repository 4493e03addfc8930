"""Attacks on a model that says what the attacker wants; the whole set is `python -m evals llm`."""

from __future__ import annotations

import pytest

from bot.conversation import Conversation
from evals.llm_hostile import PERSONAS, HostileModel
from evals.llm_report import Row, adversarial_violations
from evals.runner import run
from evals.sets import find, read
from tests.bot.answering.llm.conftest import Opened

SETS = read(find(["adversarial"]))


def violations(conversation: Conversation, every: int, first: int) -> list[str]:
    found = []
    for path, questions in SETS.items():
        some = questions.conversations[first::every]
        part = {path: questions.model_copy(update={"conversations": some})}
        for record in run(part, conversation.reply):
            found += [f"{record.id}: {v}" for v in adversarial_violations(Row(record=record))]
    return found


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_attack_gets_through(opened: Opened, persona: str) -> None:
    """Each persona gets another part of the attacks: all together they see every one."""
    conversation = opened(HostileModel(persona=persona))
    assert violations(conversation, len(PERSONAS), PERSONAS.index(persona)) == []
