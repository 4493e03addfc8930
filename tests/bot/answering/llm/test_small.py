"""A small model words the beginning of the embedded answer; the rest stays the code's."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage

from bot.answering.llm.agent import warm_up
from bot.answering.llm.trace import Outcome, Trace
from bot.conversation import Conversation
from tests.bot.answering.llm.conftest import Opened, QueuedModel
from tests.bot.answering.llm.test_answers import BILL, LEAD, MATERIALS, shows_embedded

EMERGENCY_AWAY = "出去旅游急病住院，常州医保，回来报销带什么"


@pytest.fixture
def conversation(opened: Opened, model: QueuedModel) -> Conversation:
    return opened(model, small=True)


def test_an_estimate_takes_one_short_call(
    conversation: Conversation, model: QueuedModel, plain: Conversation, traces: list[Trace]
) -> None:
    model.say(LEAD)
    reply = conversation.reply("a", BILL)
    assert reply.answerer == "llm"
    _, *steps = plain.reply("p", BILL).text.splitlines()
    assert reply.text.splitlines() == [LEAD, *steps]
    assert (traces[0].outcome, traces[0].calls) == (Outcome.FIRST, 1)
    assert sum(len(message.text) for message in model.seen[0]) < 900


def test_a_list_stays_below_the_models_sentence(
    conversation: Conversation, model: QueuedModel, plain: Conversation
) -> None:
    words = (
        "没办手续、在外地患急病的，符合急诊规定也能按常州的政策报。"
        "到市政务服务中心 1 号楼一楼 B 区审核，请带上下面这几样。"
    )
    model.say(words)
    reply = conversation.reply("a", EMERGENCY_AWAY)
    assert reply.answerer == "llm"
    assert reply.text.startswith(words)
    embedded = plain.reply("p", EMERGENCY_AWAY)
    assert reply.citations == embedded.citations
    assert reply.text.splitlines()[1:] == embedded.text.splitlines()[1:]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (EMERGENCY_AWAY, "急病住院回来也能报，请带上下面这几样。"),  # where to go is lost
        (EMERGENCY_AWAY, "符合急诊规定能报，到 1 号楼一楼审核，60 天内办。"),
        (BILL, "这次住院医保付 12,640 元。"),  # the patient's own share is lost
        (BILL, "这次住院您自己付 12,640 元，医保付 2,360 元。"),
        (BILL, BILL),
        (BILL, LEAD + "\n1. 起付标准：二级医院在职第 1 次住院 750 元：750.00 元"),
        (MATERIALS, "新余的报销带身份证件和收费票据。"),
    ],
)
def test_wrong_words_are_never_shown(
    conversation: Conversation, model: QueuedModel, plain: Conversation, question: str, words: str
) -> None:
    model.say(words)
    assert shows_embedded(conversation.reply("a", question), plain, question)


def test_a_second_try_does_not_see_the_first(
    conversation: Conversation, model: QueuedModel, traces: list[Trace]
) -> None:
    """Shown its own words, a small model repeats them."""
    model.say("这次住院您自己付 4,711 元，真贵。", LEAD)
    assert conversation.reply("a", BILL).text.startswith(LEAD)
    assert traces[0].outcome is Outcome.RETRY
    assert not any("真贵" in message.text for message in model.seen[1])


def test_what_was_objected_is_not_said_to_the_patient(
    conversation: Conversation, model: QueuedModel, plain: Conversation
) -> None:
    model.say("这次住院医保付 12,640 元。", f"{LEAD}漏了参保人自己付的 2360.00 元。")
    assert shows_embedded(conversation.reply("a", BILL), plain, BILL)


def test_a_message_cut_off_ends_with_its_last_whole_sentence(
    conversation: Conversation, model: QueuedModel
) -> None:
    whole = "这次住院您自己付 2,360 元，其余 12,640 元由医保付。"
    cut = AIMessage(f"{whole}起付线 750 元以内", response_metadata={"finish_reason": "length"})
    model.say(cut)
    first, *_ = conversation.reply("a", BILL).text.splitlines()
    assert first == whole


def test_what_was_read_while_the_app_started_comes_before_every_question(
    conversation: Conversation, model: QueuedModel
) -> None:
    model.say(LEAD)
    warm_up(model)
    conversation.reply("a", BILL)
    conversation.reply("b", EMERGENCY_AWAY)
    *read, _ = (message.text for message in model.seen[0])
    for asked in model.seen[1:]:
        assert [message.text for message in asked[: len(read)]] == read
    model.say(RuntimeError("no server"))
    warm_up(model)
