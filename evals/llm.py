"""``python -m evals llm``: the product with a chat model, beside a plain chain, and under attack.

The model is that of ``BOT_LLM``. ``--hostile`` needs none: it puts the adversarial set to the
product with a model that says what the attacker wants.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from tqdm import tqdm

from bot.answering.llm.budget import Breaker, Deadline
from bot.answering.llm.trace import Trace
from bot.reply import Reply
from bot.settings import Settings
from evals.baselines import langchain
from evals.llm_report import Row, adversarial_report, adversarial_violations, report
from evals.runner import Answerer, run
from evals.sets import Conversation, QuestionSet, Totals, find, read

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_Around: TypeAlias = Callable[["BaseChatModel", list[Trace]], Answerer]
RESULTS = Path(__file__).parent / "results"
_PLAIN = (
    "根据下面的资料回答问题。不知道就说不知道。最多三句话，简短。\n\n{context}\n\n问题：{question}"
)
"""The prompt that tutorials on retrieval have, in Chinese."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run; 1 where an attack succeeded or a figure had no source, 2 where something is missing."""
    given = _parser().parse_args(argv)
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.hostile:
        return _hostile(given)
    from bot.answering.llm.errors import ModelError
    from bot.answering.llm.opening import open_model

    settings = Settings().model_copy(update={"answer_seconds": given.seconds})
    if not settings.bot_llm:
        print("set BOT_LLM to the model to be tried", file=sys.stderr)
        return 2
    try:
        model = open_model(settings)
    except ModelError as error:
        print(error, file=sys.stderr)
        return 2
    name = settings.bot_llm.removeprefix("gguf:").rsplit("/", 1)[-1]
    return _adversarial(given, model, name) if given.adversarial else _questions(given, model, name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals llm", description=__doc__)
    parser.add_argument("--hostile", action="store_true", help="adversarial set, hostile fake")
    parser.add_argument("--adversarial", action="store_true", help="adversarial set, BOT_LLM")
    parser.add_argument("--sources", type=Path, help="raw documents: the plain chain runs beside")
    parser.add_argument("--questions", type=int, default=60, help="how many (default 60)")
    parser.add_argument("--estimates", type=int, default=25, help="of them (default 25)")
    parser.add_argument("--seconds", type=float, default=20.0, help="deadline (default 20)")
    parser.add_argument(
        "--minutes", type=float, default=24 * 60.0, help="stop asking after so long, and report"
    )
    parser.add_argument(
        "--context", type=int, default=4000, help="characters that the plain chain reads"
    )
    parser.add_argument("--folder", type=Path, default=RESULTS, help="results and report go here")
    return parser


def _questions(given: argparse.Namespace, model: BaseChatModel, name: str) -> int:
    chosen = select(read(find(["tuning"])), given.questions, given.estimates)
    stem = f"llm-{datetime.now(UTC):%Y-%m-%d}-{name.replace(':', '-')}"
    end = Deadline(given.minutes * 60)
    traces: list[Trace] = []
    with ExitStack() as stack:
        product = stack.enter_context(_product(given))(model, traces)
        rows = _put(chosen, product, traces, end, given.folder / f"{stem}.jsonl")
        plain = None
        if given.sources:
            chain = stack.enter_context(_chain(given, model))
            file = given.folder / f"{stem}-plain.jsonl"
            plain = _put(chosen, chain, [], end, file, text_only=True)
    text = report(name, given.seconds, chosen, rows, plain, given.context)
    (given.folder / f"{stem}.md").write_text(text, encoding="utf-8")
    print(text)
    return int(any(outcome.ungrounded for row in rows for outcome in row.record.outcomes))


def _adversarial(given: argparse.Namespace, model: BaseChatModel, name: str) -> int:
    stem = f"llm-adversarial-{datetime.now(UTC):%Y-%m-%d}-{name.replace(':', '-')}"
    end = Deadline(given.minutes * 60)
    traces: list[Trace] = []
    with _product(given) as around:
        rows = _put(_attacks(), around(model, traces), traces, end, given.folder / f"{stem}.jsonl")
    return _told({name: rows}, given.folder / f"{stem}.md")


def _hostile(given: argparse.Namespace) -> int:
    from evals.llm_hostile import PERSONAS, HostileModel

    results, end = {}, Deadline(given.minutes * 60)
    with _product(given) as around:
        for persona in PERSONAS:
            traces: list[Trace] = []
            product = around(HostileModel(persona=persona), traces)
            results[persona] = _put(_attacks(), product, traces, end)
    return _told(results, given.folder / f"llm-hostile-{datetime.now(UTC):%Y-%m-%d}.md")


def _attacks() -> list[Conversation]:
    return [
        c for questions in read(find(["adversarial"])).values() for c in questions.conversations
    ]


def _told(results: dict[str, list[Row]], file: Path) -> int:
    text = adversarial_report(results)
    file.write_text(text, encoding="utf-8")
    print(text)
    return int(any(adversarial_violations(row) for rows in results.values() for row in rows))


def select(sets: dict[Path, QuestionSet], count: int, estimates: int) -> list[Conversation]:
    """Choose conversations of one turn: estimates first, then each category in turn."""
    single = [c for s in sets.values() for c in s.conversations if len(c.turns) == 1]
    sums = [c for c in single if isinstance(c.turns[0].estimate, Totals)]
    # Spread over all sets: they are sorted by place.
    chosen = sums[:: max(len(sums) // estimates, 1)][:estimates]
    groups: dict[str, list[Conversation]] = {}
    for conversation in single:
        if conversation not in sums:
            groups.setdefault(conversation.category, []).append(conversation)
    lines = [iter(group) for group in groups.values()]
    turns = (next(line, None) for line in islice(cycle(lines), len(single) * len(lines)))
    rest = (conversation for conversation in turns if conversation)
    return chosen + list(islice(rest, count - len(chosen)))


def _put(
    chosen: Sequence[Conversation],
    answer: Answerer,
    traces: list[Trace],
    end: Deadline,
    file: Path | None = None,
    *,
    text_only: bool = False,
) -> list[Row]:
    """Put each conversation until the end; with a file, the next run goes on where this stopped."""
    rows = _load(file) if file and file.exists() else []
    done = {row.record.id for row in rows}
    for conversation in tqdm(chosen, disable=None, unit="question"):
        if conversation.id in done or not end.left():
            continue
        traces.clear()
        single = {Path("llm"): QuestionSet(conversations=(conversation,))}
        (record,) = run(single, answer, text_only=text_only)
        row = Row(record=record, traces=tuple(traces))
        rows.append(row)
        if file:
            with file.open("a", encoding="utf-8") as out:
                out.write(row.model_dump_json() + "\n")
    return rows


def _load(file: Path) -> list[Row]:
    return [Row.model_validate_json(line) for line in file.read_text("utf-8").splitlines()]


@contextmanager
def _product(given: argparse.Namespace) -> Iterator[_Around]:
    """The product's own parts, to be put around a model; each call's trace is kept."""
    from bot.answering.embedded import EmbeddedAnswerer
    from bot.answering.llm.answerer import LLMAnswerer
    from bot.answering.llm.opening import is_local
    from bot.conversation import Conversation as Talk
    from bot.memory import Memory
    from bot.retrieval import open_retriever
    from bot.store import open_store
    from bot.understanding.world import World
    from corpus.regions import load_regions

    settings, regions = Settings(), load_regions()
    retriever = open_retriever(settings, light=True)
    by_id = {region.id: region for region in regions}
    embedded = EmbeddedAnswerer(retriever, by_id)
    world = World(regions, retriever.clauses.values())
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'conversations.db'}"
        store = open_store(settings.model_copy(update={"database_url": url}))
        memory = Memory(store, hours=1, turns=6)

        def around(model: BaseChatModel, traces: list[Trace]) -> Answerer:
            answerer = LLMAnswerer(
                embedded,
                model,
                [region.name for region in regions],
                seconds=given.seconds,
                small=not given.hostile and is_local(settings),
                # Of a run, every question is put to the model.
                breaker=Breaker(failures=sys.maxsize),
                report=traces.append,
            )
            return Talk(answerer, memory, world, by_id).reply

        yield around
        store.dispose()


@contextmanager
def _chain(given: argparse.Namespace, model: BaseChatModel) -> Iterator[Answerer]:
    """Retrieval and one prompt: no tool, no checks."""
    with langchain(given.sources) as retrieve:

        def reply(session: str, message: str) -> Reply:
            found = retrieve(session, message)
            context = "\n\n".join(citation.quote for citation in found.citations)
            prompt = _PLAIN.format(context=context[: given.context], question=message)
            return found.model_copy(update={"text": model.invoke(prompt).text})

        yield reply
