"""Running: questions back, errors, held sets, results that go on, comparison, a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot.reply import Reply, Status
from evals import results
from evals.__main__ import main
from evals.metrics import compare, interval, summary
from evals.runner import Record, run
from evals.sets import QuestionSet, parse

_SET = """\
conversations:
  - id: deductible
    category: figure
    turns:
      - say: 二级医院住院起付线多少
        if_asked: {region: 无锡, employment: 退休}
        figures: [600]
  - id: greeting
    category: out_of_scope
    turns:
      - say: 讲个笑话
        status: out_of_scope
"""


@pytest.fixture
def sets(tmp_path: Path) -> dict[Path, QuestionSet]:
    file = tmp_path / "mine.yaml"
    file.write_text(_SET, encoding="utf-8")
    return {file: parse(_SET, "mine.yaml")}


def _asks_first(session: str, message: str) -> Reply:
    if message == "讲个笑话":
        return Reply(status=Status.OUT_OF_SCOPE, text="我只懂医保。")
    if "无锡" in message and "退休" in message:
        return Reply(status=Status.ANSWERED, text="起付线是 600 元。", region="wuxi")
    return Reply(
        status=Status.CLARIFY,
        text="请问您在哪个城市参保？在职还是退休？",
        follow_ups=("在职", "退休"),
    )


def test_an_allowed_question_is_answered_and_the_next_reply_judged(
    sets: dict[Path, QuestionSet],
) -> None:
    metrics = summary(list(run(sets, _asks_first)))
    assert metrics["overall"] == 1
    assert metrics["asked_needlessly"] == 0


def test_an_error_counts_as_a_failure(sets: dict[Path, QuestionSet]) -> None:
    def breaks(session: str, message: str) -> Reply:
        raise TimeoutError("too slow")

    metrics = summary(list(run(sets, breaks)))
    assert metrics["overall"] == 0
    assert metrics["errors"] == 2
    assert metrics["refused_wrong"] == 1


def test_jobs_keep_the_order(sets: dict[Path, QuestionSet]) -> None:
    ids = [record.id for record in run(sets, _asks_first, jobs=4)]
    assert ids == ["deductible", "greeting"]


def test_held_failures_are_told_by_category_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], silent_server: str
) -> None:
    file = tmp_path / "held-mine.yaml"
    file.write_text("held: true\n" + _SET, encoding="utf-8")
    out = tmp_path / "result.jsonl"
    assert main(["run", str(file), "--url", silent_server, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "held, figure: 1 failed" in printed
    for text in ("二级医院", "讲个笑话", "greeting"):
        assert text not in printed
    assert "二级医院" not in out.read_text(encoding="utf-8")


def test_an_interrupted_run_goes_on(sets: dict[Path, QuestionSet], tmp_path: Path) -> None:
    file = tmp_path / "out" / "result.jsonl"
    header = results.Header.now("embedded", sets)
    assert results.begin(file, header) == []
    first = next(iter(run(sets, _asks_first)))
    results.append(file, first)
    with file.open("a", encoding="utf-8") as cut_off:
        cut_off.write('{"id": "greet')
    done = results.begin(file, header)
    assert done == [first]
    for record in run(sets, _asks_first, done={r.id for r in done}):
        results.append(file, record)
    assert [record.id for record in results.load(file)[1]] == ["deductible", "greeting"]


def test_a_result_of_another_run_is_not_mixed_in(
    sets: dict[Path, QuestionSet], tmp_path: Path
) -> None:
    file = tmp_path / "result.jsonl"
    results.begin(file, results.Header.now("embedded", sets))
    with pytest.raises(results.ResultError, match="another run"):
        results.begin(file, results.Header.now("http://127.0.0.1:1", sets))


def _records(passed: str) -> list[Record]:
    outcome = {"status": "answered", "expected": ["answered"]}
    return [
        Record.model_validate(
            {
                "id": f"c{n}",
                "set": "s",
                "category": "figure",
                "held": False,
                "outcomes": [{**outcome, "failures": [] if right == "1" else ["wrong"]}],
            }
        )
        for n, right in enumerate(passed)
    ]


def test_two_runs_are_compared_in_pairs() -> None:
    result = compare(_records("0000000011"), _records("1111110011"))
    assert (result.before, result.after) == (0.2, 0.8)
    assert [record.id for record in result.fixed] == [f"c{n}" for n in range(6)]
    assert result.broken == ()
    assert result.p_value == pytest.approx(2 / 2**6)
    assert result.interval[0] > 0


def test_runs_that_differ_by_chance_are_not_told_apart() -> None:
    result = compare(_records("0101010101"), _records("1001011001"))
    assert result.p_value == 1
    assert result.interval[0] < 0 < result.interval[1]


def test_the_interval_holds_the_share() -> None:
    low, high = interval([True] * 30 + [False] * 10) or (1, 0)
    assert 0.5 < low < 0.75 < high < 0.9


def test_a_run_is_compared_with_an_earlier_one(
    sets: dict[Path, QuestionSet],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    silent_server: str,
) -> None:
    before = tmp_path / "before.jsonl"
    results.begin(before, results.Header.now("embedded", sets))
    for record in run(sets, _asks_first):
        results.append(before, record)
    (file,) = sets
    numbers = tmp_path / "now.json"
    arguments = ["run", str(file), "--url", silent_server, "--compare", str(before)]
    assert main([*arguments, "--json", str(numbers)]) == 0
    printed = capsys.readouterr().out
    assert "100.0% -> 50.0%" in printed
    assert "> 二级医院住院起付线多少" in printed
    metrics = json.loads(numbers.read_text(encoding="utf-8"))
    assert metrics["overall"] == 0.5
    assert metrics["latency_ms"].keys() == {"p50", "p95", "p99"}


@pytest.fixture
def silent_server() -> Iterator[str]:
    """A server of the chat API that refuses everything, and breaks on what it can't read."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.path == "/api/chat"
            assert body.keys() == {"session", "message"}
            reply = Reply(status=Status.OUT_OF_SCOPE, text="我只懂医保。").model_dump_json()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(reply.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
