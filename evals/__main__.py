"""``python -m evals``: question sets, runs, comparisons, reports, measurements."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path

from tqdm import tqdm

from bot.settings import Settings
from evals import report, results, retrieval, text
from evals.ablations import PARTS, without
from evals.answerers import ModelMissingError, product, server
from evals.baselines import SourcesError, bm25, langchain
from evals.metrics import compare, summary
from evals.results import ResultError
from evals.runner import Answerer, Record, run
from evals.sets import SetError, find, read

_BASELINES = ("bm25", "langchain")
_OWN_ARGUMENTS = ("speed", "calibrate", "ranking", "retrieval", "scale", "llm")
"""Commands of modules that read their arguments themselves."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the process's exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in _OWN_ARGUMENTS:
        module = import_module(f"evals.{arguments[0]}")
        return int(module.main(arguments[1:]) or 0)
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given) or 0)
    except (SetError, ResultError, SourcesError, ModelMissingError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="check question sets")
    _add_sets(check)
    check.set_defaults(run=_check)

    go = commands.add_parser("run", help="put question sets to the product or to a server")
    _add_sets(go)
    go.add_argument(
        "--answerer",
        choices=["embedded", "llm", *_BASELINES, *(f"without-{part}" for part in PARTS)],
        default="embedded",
        help="the product, with the model of BOT_LLM or a part switched off, or a baseline",
    )
    go.add_argument("--sources", type=Path, help="folder of the source documents, for langchain")
    go.add_argument("--url", help="a running server, such as http://127.0.0.1:7860")
    go.add_argument("--text-only", action="store_true", help="judge as baselines are judged")
    go.add_argument("--jobs", type=int, default=1, help="conversations at once (default 1)")
    go.add_argument("--out", type=Path, help="result file; an interrupted run goes on from it")
    go.add_argument("--json", type=Path, help="write the metrics here")
    go.add_argument("--compare", type=Path, metavar="RESULT", help="an earlier result file")
    go.add_argument("--quiet", action="store_true", help="don't print the failures")
    go.set_defaults(run=_run)

    two = commands.add_parser("compare", help="compare two result files")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)
    two.set_defaults(run=_compare)

    table = commands.add_parser("table", help="result files side by side, as a Markdown table")
    table.add_argument("results", type=Path, nargs="+")
    table.set_defaults(run=_table)

    page = commands.add_parser("report", help="a run as an HTML page and a Markdown summary")
    page.add_argument("result", type=Path)
    page.add_argument("--before", type=Path, metavar="RESULT", help="an earlier run beside it")
    page.add_argument("--html", type=Path, help="default: beside the result file")
    page.add_argument("--markdown", type=Path, help="default: beside the result file")
    page.set_defaults(run=_report)

    for name in _OWN_ARGUMENTS:
        commands.add_parser(name, help=f"see python -m evals {name} --help", add_help=False)
    return parser


def _add_sets(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sets",
        nargs="*",
        metavar="SET",
        help="a file, or the beginning of a set's name; all if none",
    )


def _check(given: argparse.Namespace) -> None:
    sets = read(find(given.sets))
    for path, questions in sets.items():
        turns = sum(len(conversation.turns) for conversation in questions.conversations)
        print(f"{path}: {len(questions.conversations)} conversations, {turns} turns")


def _run(given: argparse.Namespace) -> None:
    sets = read(find(given.sets))
    text_only = given.text_only or given.answerer in _BASELINES
    name = (given.url or given.answerer) + (", text only" if text_only else "")
    header = results.Header.now(name, sets)
    records = results.begin(given.out, header) if given.out else []
    total = sum(len(questions.conversations) for questions in sets.values())
    done = {record.id for record in records}
    with (
        _answerer(given) as answer,
        tqdm(total=total, initial=len(done), disable=None, unit="conversation") as bar,
    ):
        for record in run(sets, answer, jobs=given.jobs, done=done, text_only=text_only):
            records.append(record)
            if given.out:
                results.append(given.out, record)
            bar.update()
    metrics = summary(records)
    if given.answerer == "embedded" and not given.url:
        metrics["retrieval"] = retrieval.of_sets(sets).scores()
    if not given.quiet:
        print(text.failures(records, sets))
    print(text.scores(metrics))
    if given.compare:
        _print_comparison(given.compare, records)
    if given.json:
        kept = {"run": header.model_dump(), **metrics}
        given.json.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


def _answerer(given: argparse.Namespace) -> AbstractContextManager[Answerer]:
    if given.url:
        return server(given.url)
    if given.answerer == "bm25":
        return bm25()
    if given.answerer == "langchain":
        if given.sources is None:
            raise SourcesError("--answerer langchain needs --sources, the folder of the documents")
        return langchain(given.sources)
    if given.answerer == "embedded":
        return product(Settings(bot_llm=""))
    if given.answerer == "llm":
        settings = Settings()
        if not settings.bot_llm:
            raise ModelMissingError("--answerer llm needs BOT_LLM, the model to be tried")
        return product(settings)
    return without(given.answerer.removeprefix("without-"))


def _compare(given: argparse.Namespace) -> None:
    _print_comparison(given.before, results.load(given.after)[1])


def _table(given: argparse.Namespace) -> None:
    print(report.side_by_side([results.load(file) for file in given.results]))


def _report(given: argparse.Namespace) -> None:
    now = results.load(given.result)
    before = results.load(given.before) if given.before else None
    html = given.html or given.result.with_suffix(".html")
    markdown = given.markdown or given.result.with_suffix(".md")
    html.write_text(report.page(now, before), encoding="utf-8")
    markdown.write_text(report.markdown(now, before), encoding="utf-8")
    print(f"{html}\n{markdown}")


def _print_comparison(before: Path, after: list[Record]) -> None:
    print(text.comparison(compare(results.load(before)[1], after)))


if __name__ == "__main__":
    sys.exit(main())
