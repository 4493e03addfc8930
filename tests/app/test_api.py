"""The JSON API of the real program, over HTTP, as its contract says."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.servers import Program

CASE = {
    "region": "wuxi",
    "insurance": "employee",
    "benefit": "inpatient",
    "expense": "15000",
    "employment": "working",
    "hospital_level": "2",
}


def ask(program: Program, message: str, session: str | None = None) -> dict[str, Any]:
    body = {"session": session or uuid4().hex, "message": message}
    answer = httpx.post(f"{program.url}/api/chat", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    reply: dict[str, Any] = answer.json()
    return reply


def post(program: Program, path: str, body: bytes | str, **headers: str) -> httpx.Response:
    return httpx.post(f"{program.url}{path}", content=body, headers=headers, timeout=30)


def test_a_reply_has_the_shape_of_the_contract(program: Program) -> None:
    reply = ask(program, "无锡在职职工在二级医院住院，起付线是多少？")
    assert list(reply) == [
        "status", "text", "region", "insurance", "citations",
        "estimate", "follow_ups", "answerer", "elapsed_ms",
    ]  # fmt: skip
    assert (reply["status"], reply["region"], reply["insurance"]) == (
        "answered",
        "wuxi",
        "employee",
    )
    assert "750" in reply["text"]
    citation = reply["citations"][0]
    assert list(citation) == ["n", "clause", "title", "section", "as_of", "source", "quote"]
    assert citation["clause"].startswith("wuxi/")
    assert "750" in citation["quote"]
    assert reply["estimate"] is None
    assert reply["answerer"] == "embedded"
    assert isinstance(reply["elapsed_ms"], int)


def test_json_is_readable_chinese(program: Program) -> None:
    body = json.dumps({"session": uuid4().hex, "message": "你好"}).encode()
    answer = post(program, "/api/chat", body)
    assert answer.headers["content-type"].startswith("application/json")
    assert "医保" in answer.content.decode("utf-8")


def test_a_bill_is_settled_in_the_chat_as_by_the_tool(program: Program) -> None:
    message = "我是无锡在职职工，在二级医院第一次住院，医保范围内花了15000元，能报多少？"
    reply = ask(program, message)
    estimate = httpx.post(f"{program.url}/api/estimate", json=CASE).json()
    assert (estimate["fund_total"], estimate["patient_total"]) == ("12640.00", "2360.00")
    assert reply["estimate"]["fund_total"] == estimate["fund_total"]
    assert "2,360.00" in reply["text"]


def test_an_estimate_cites_its_clauses(program: Program) -> None:
    estimate = httpx.post(f"{program.url}/api/estimate", json=CASE).json()
    assert estimate["status"] == "settled"
    for line in estimate["lines"]:
        assert set(line["cite"]) >= {"clause", "source", "title", "section", "quote"}
        assert line["cite"]["quote"]
    assert sum(float(line["amount"]) for line in estimate["lines"]) == 15000


def test_amounts_stay_exact(program: Program) -> None:
    def totals(expense: str) -> list[str]:
        body = json.dumps(CASE).replace('"15000"', expense)
        answer = post(program, "/api/estimate", body).json()
        return [answer["total"], answer["fund_total"], answer["patient_total"]]

    assert totals("10000.29") == totals('"10000.29"')
    assert totals("10000.29")[0] == "10000.29"


def test_what_is_missing_is_asked(program: Program) -> None:
    case = {k: v for k, v in CASE.items() if k != "employment"}
    estimate = httpx.post(f"{program.url}/api/estimate", json=case).json()
    assert estimate["status"] == "need_facts"
    assert estimate["missing"][0]["fact"] == "employment"
    assert estimate["missing"][0]["choices"] == ["working", "retired"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"session": "a", "message": ""}', "message"),
        ('{"session": "a", "message": " \\n\\u3000"}', "message"),
        ('{"session": "", "message": "你好"}', "session"),
        ('{"session": "a"}', "message"),
        ('{"message": "你好"}', "session"),
        ('{"session": 1, "message": "你好"}', "session"),
        ('{"session": "a", "message": ["你好"]}', "message"),
        ('{"session": "a", "message": null}', "message"),
        ('{"session": "a", "message": NaN}', "message"),
        ('{"session": "a", "message": "你好", "admin": true}', "admin"),
        ('{"session": "a", "message": "\\ud800"}', "message"),
        ('{"session": "a", "session": "b", "message": "你好"}', "session"),
        ('["session", "message"]', None),
        ('"你好"', None),
        ("null", None),
        ("", None),
        ("{", None),
        ("session=a&message=b", None),
        ("[" * 60_000, None),
        ('{"a":' * 10_000, None),
        ('{"session": "a", "message": "你好"}'.encode("gbk"), None),
        (b"\xff\xfe\x00\x01", None),
    ],
)
def test_bad_chat_input_is_told(program: Program, body: str | bytes, field: str | None) -> None:
    answer = post(program, "/api/chat", body)
    assert answer.status_code == 422
    told = answer.json()
    assert told["field"] == field
    assert told["reason"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expense": "-1"}, "expense"),
        ({"expense": "1e30"}, "expense"),
        ({"expense": 1e30}, "expense"),
        ({"expense": "12.345"}, "expense"),
        ({"expense": float("nan")}, "expense"),
        ({"expense": float("inf")}, "expense"),
        ({"expense": True}, "expense"),
        ({"expense": {"yuan": 1}}, "expense"),
        ({"region": "atlantis"}, "region"),
        ({"hospital_level": "9"}, "hospital_level"),
        ({"admission_no": 0}, "admission_no"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_case_is_told(program: Program, changes: dict[str, Any], field: str) -> None:
    answer = post(program, "/api/estimate", json.dumps({**CASE, **changes}))
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert answer.json()["reason"]


@pytest.mark.parametrize(
    "body", ["[1]", "1", '"x"', "[" * 60_000, '{"expense": 1' + "0" * 9000 + "}"]
)
def test_a_case_that_is_none_is_told(program: Program, body: str) -> None:
    answer = post(program, "/api/estimate", body)
    assert answer.status_code == 422
    assert answer.json()["reason"]


@pytest.mark.parametrize("path", ["/api/chat", "/api/estimate"])
def test_what_is_too_large_is_refused(program: Program, path: str) -> None:
    body = json.dumps({"session": "a", "message": "长" * 100_000})
    assert post(program, path, body).status_code == 413
    chunks = (b"x" * 1000 for _ in range(1000))
    assert httpx.post(f"{program.url}{path}", content=chunks).status_code == 413


def test_a_message_that_is_too_long_is_refused(program: Program) -> None:
    answer = post(program, "/api/chat", json.dumps({"session": "a", "message": "长" * 2001}))
    assert answer.status_code == 413
    assert answer.json()["field"] == "message"


def test_what_is_not_offered(program: Program) -> None:
    assert httpx.post(f"{program.url}/gradio_api/upload", content=b"x").status_code == 404
    assert httpx.get(f"{program.url}/docs").status_code == 404


def test_health_and_metrics_tell_nothing_of_anybody(program: Program) -> None:
    ask(program, "我叫王小明，无锡职工住院起付线多少", session="geheim-4711")
    assert httpx.get(f"{program.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{program.url}/readyz").json() == {"status": "ready"}
    metrics = httpx.get(f"{program.url}/metrics").text
    assert 'replies_total{answerer="embedded",channel="api",status="answered"}' in metrics
    for secret in ("王小明", "geheim-4711", "127.0.0.1"):
        assert secret not in metrics
        assert secret not in program.log()


def test_two_sessions_never_see_each_other(program: Program) -> None:
    mine, yours = uuid4().hex, uuid4().hex
    ask(program, "我在新余参保，居民医保", mine)
    ask(program, "我在无锡参保，职工医保", yours)
    assert ask(program, "三级医院住院起付线是多少？", mine)["region"] == "xinyu"
    assert ask(program, "二级医院住院起付线是多少？", yours)["region"] == "wuxi"


def test_many_at_once_get_their_own_answers(program: Program) -> None:
    cities = {"无锡": "wuxi", "新余": "xinyu", "常州": "changzhou", "镇江": "zhenjiang"}

    def talk(number: int) -> bool:
        city, region = list(cities.items())[number % 4]
        session = uuid4().hex
        first = ask(program, f"我在{city}，职工医保", session)
        second = ask(program, "住院能报多少？", session)
        return first["region"] == second["region"] == region

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(talk, range(48)))


def test_clearing_forgets(program: Program) -> None:
    session = uuid4().hex
    ask(program, "我在新余参保，居民医保", session)
    ask(program, "清除", session)
    assert ask(program, "住院起付线是多少？", session)["status"] == "clarify"


def test_a_conversation_survives_a_killed_server(program: Program) -> None:
    session = uuid4().hex
    ask(program, "我在新余参保，居民医保", session)
    program.kill_and_start()
    assert ask(program, "三级医院住院起付线是多少？", session)["region"] == "xinyu"
