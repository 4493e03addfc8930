"""What the page can show while an answer is written: only what has been checked."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.answering.answerer import Progress
from bot.answering.draft import Draft
from bot.answering.embedded import EmbeddedAnswerer
from bot.answering.llm.answerer import LLMAnswerer
from bot.retrieval import Retriever
from bot.understanding.known import Known
from bot.understanding.reading import understand
from bot.understanding.world import World
from corpus.regions import load_regions
from tests.bot.answering.llm.conftest import QueuedModel, calls
from tests.bot.answering.llm.test_answers import BILL, CASE, LEAD, MATERIALS, MATERIALS_SAID


@pytest.fixture
def streamed(retriever: Retriever, model: QueuedModel):
    regions = load_regions()
    embedded = EmbeddedAnswerer(retriever, {region.id: region for region in regions})
    answerer = LLMAnswerer(embedded, model, [region.name for region in regions])
    world = World(regions, retriever.clauses.values())

    def stream(message: str) -> tuple[list[Progress], Draft]:
        events: list[Progress] = []
        draft = answerer.answer(understand(message, Known(), world), watch=events.append)
        return events, draft

    return stream


def test_sentences_come_as_they_are_written(streamed, model: QueuedModel) -> None:
    model.say(MATERIALS_SAID + "\n急诊的另带急诊诊断证明。[1]")
    events, draft = streamed(MATERIALS)
    assert events[0] == Progress("doing", "正在查找政策")
    texts = [event.text for event in events if event.kind == "text"]
    assert texts[0] == "回来报销，请带上社会保障卡、身份证件、收费票据和费用清单。"
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert draft.answerer == "llm"


def test_a_wrong_sentence_is_never_shown_and_the_rest_taken_back(
    streamed, model: QueuedModel
) -> None:
    bad = "回来报销，请带上社会保障卡和身份证件。[1]能报百分之九十九。[1]住院的还要带诊断证明。[1]"
    model.say(bad)
    events, draft = streamed(MATERIALS)
    texts = [event.text for event in events if event.kind == "text"]
    assert texts
    assert not any("九十九" in text for text in texts)
    assert texts[-1] == ""
    assert draft.answerer == "embedded"


def test_an_estimate_shows_that_it_is_being_computed(streamed, model: QueuedModel) -> None:
    model.say(calls(CASE), LEAD)
    events, draft = streamed(BILL)
    assert events[0] == Progress("doing", "正在计算")
    assert Progress("text", "这次住院您自己要付 2,360 元，其余 12,640 元由医保付。") in events
    assert draft.estimate is not None


def test_a_call_written_as_text_is_not_shown(streamed, model: QueuedModel) -> None:
    model.say('先算一下。\n{"name": "settle", "arguments": {}}\n算好了。', LEAD)
    events, _ = streamed(BILL)
    assert not any("settle" in event.text for event in events)
