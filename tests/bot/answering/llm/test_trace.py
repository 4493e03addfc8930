"""What an operator sees of the model: every outcome counted, one line logged, no one's words."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pytest
from langchain_core.messages import AIMessage
from prometheus_client.parser import text_string_to_metric_families

from bot.answering.embedded import EmbeddedAnswerer
from bot.answering.llm.answerer import LLMAnswerer
from bot.answering.llm.trace import Outcome, Trace, record
from bot.channels.metrics import Metrics
from bot.retrieval import Retriever
from bot.understanding.known import Known
from bot.understanding.reading import understand
from bot.understanding.world import World
from corpus.regions import load_regions
from tests.bot.answering.llm.conftest import QueuedModel, calls
from tests.bot.answering.llm.test_answers import BILL, CASE, LEAD

LEAD_WITH_USAGE = AIMessage(
    LEAD, usage_metadata={"input_tokens": 700, "output_tokens": 41, "total_tokens": 741}
)


def counted() -> Mapping[tuple[str, ...], float]:
    """The samples of the model that ``GET /metrics`` tells, by name and labels."""
    families = text_string_to_metric_families(Metrics().exposition().decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if sample.name.startswith("llm_")
    }


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_counted_by_its_name(outcome: Outcome) -> None:
    before = counted()
    record(Trace(outcome, seconds=1.0))
    name = ("llm_answers_total", outcome.value)
    assert counted()[name] == before.get(name, 0) + 1


def test_tokens_calls_retries_and_faults_of_an_answer(
    retriever: Retriever, model: QueuedModel, caplog: pytest.LogCaptureFixture
) -> None:
    regions = load_regions()
    embedded = EmbeddedAnswerer(retriever, {region.id: region for region in regions})
    answerer = LLMAnswerer(embedded, model, [region.name for region in regions])
    inquiry = understand(BILL, Known(), World(regions, retriever.clauses.values()))
    model.say(calls(CASE), "您自己付 4,711 元。", LEAD_WITH_USAGE)
    before = counted()
    with caplog.at_level(logging.INFO):
        answerer.answer(inquiry)
    after = counted()
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert grown["llm_answers_total", "retry"] == 1
    assert grown["llm_calls_total",] == 3
    assert grown["llm_tool_calls_total",] == 1
    assert grown["llm_tokens_total", "output"] == 41
    assert grown["llm_faults_total", "figure"] == 1
    (line,) = [r.getMessage() for r in caplog.records if r.name == "bot.answering.llm.trace"]
    for told in ("retry", "3 calls", "1 tool calls", "700+41 tokens", "figure"):
        assert told in line
    for words in ("无锡", "15000", "1万5", "4,711", "2,360"):
        assert words not in caplog.text
