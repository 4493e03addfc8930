"""Figures of the policy: those for what lies above a sum, and for a year."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reply import Reply, Status

Talk = Callable[..., list[Reply]]


@pytest.mark.parametrize(
    ("question", "share", "others"),
    [
        ("新余职工，过了十万那条线以后，后面给报几成", "90%", "95%"),
        ("新余职工住院一年报超过10万了，超出的部分报多少", "90%", "98%"),
        ("无锡职工在职，住院四万块以上的部分自己出几成", "8%", "12%"),
        ("无锡职工退休，住院一万到四万那段报几成", "95%", "94%"),
    ],
)
def test_what_lies_above_a_sum(talk: Talk, question: str, share: str, others: str) -> None:
    (reply,) = talk(question)
    assert reply.status is Status.ANSWERED
    assert share in reply.text
    assert others not in reply.text


@pytest.mark.parametrize(
    "question", ["新余居民一年十万报满了，后面报百分之几", "常州职工住院统筹报满15万以后报几成"]
)
def test_what_the_documents_leave_open_above_a_cap(talk: Talk, question: str) -> None:
    (reply,) = talk(question)
    assert reply.status is Status.NOT_FOUND
    assert "没有写明" in reply.text
    assert reply.citations


@pytest.mark.parametrize(
    ("question", "share", "cap"),
    [
        ("无锡退休职工，门慢一年能报多少，我71岁", "80%", "4,000"),
        ("无锡职工在职，门诊统筹每年报多少", "70%", "5,000"),
    ],
)
def test_what_a_year_brings_is_a_share_up_to_a_cap(
    talk: Talk, question: str, share: str, cap: str
) -> None:
    (reply,) = talk(question)
    assert share in reply.text
    assert cap in reply.text
