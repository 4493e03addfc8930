"""The tool in a terminal, as a policy officer and a script use it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from evals.settlement_speed import load_time, percentile, settle_times
from tools.settlement.__main__ import main

ROOT = Path(__file__).parents[2]
TRIES = 10
CASE = {
    "region": "wuxi",
    "insurance": "employee",
    "benefit": "inpatient",
    "expense": "15000",
    "employment": "working",
    "hospital_level": 2,
}


def test_a_case_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE), encoding="utf-8")
    assert main([str(file)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["fund_total"] == "12640.00"
    assert answer["lines"][0]["cite"]["title"] == "无锡职工医保住院待遇"


def test_a_case_from_standard_input() -> None:
    command = [sys.executable, "-m", "tools.settlement", "-"]
    words = '"region": "xinyu", "insurance": "resident", "benefit": "delivery"'
    text = f'{{{words}, "expense": 1000.10, "delivery_mode": "natural"}}'
    done = subprocess.run(command, input=text.encode(), cwd=ROOT, capture_output=True, check=True)
    assert json.loads(done.stdout)["patient_total"] == "100.10"


def test_a_bad_case_names_field_and_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"expense": NaN}'))
    assert main(["-"]) == 1
    assert json.loads(capsys.readouterr().out)["field"] == "expense"


def test_a_year_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "visits.json"
    file.write_text(json.dumps([CASE, CASE]), encoding="utf-8")
    assert main(["--year", str(file)]) == 0
    year = json.loads(capsys.readouterr().out)
    assert [visit["buckets"]["deductible"] for visit in year["visits"]] == ["750.00", "375.00"]


def test_a_missing_file_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere.json"]) == 1
    assert "nowhere.json" in capsys.readouterr().err


def test_check_finds_nothing_in_the_policies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "没有问题" in capsys.readouterr().out


def test_check_of_a_file_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ROOT / "tools/settlement/policies/zhenjiang/resident.toml"
    file = tmp_path / "zhenjiang" / "resident.toml"
    file.parent.mkdir()
    file.write_text(source.read_text(encoding="utf-8").replace("0.20", "0.25"), encoding="utf-8")
    assert main(["check", str(file)]) == 1
    complaint = "row 2 (special_procedure = ['False']): the share 0.25 does not stand in"
    assert complaint in capsys.readouterr().out
    file.write_text("region = ", encoding="utf-8")
    assert main(["check", str(file)]) == 1
    assert "zhenjiang/resident.toml" in capsys.readouterr().err


def test_show_prints_tables_with_citations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "wuxi.employee"]) == 0
    shown = capsys.readouterr().out
    assert "# 无锡职工医保（资料日期：2019-09）" in shown
    assert "## 门诊统筹（也叫：门统、普通门诊） · outpatient" in shown
    row = next(line for line in shown.splitlines() if "在职的起付标准是 750 元" in line)
    assert row.endswith("（wuxi/employee-inpatient#deductible） |")
    assert main(["show", "wuxi"]) == 2
    assert "wuxi.employee" in capsys.readouterr().err


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "PolicyFile"


def test_fast_enough() -> None:
    """Explanation and alternatives included; what a busy machine adds is not the tool's."""
    assert any(load_time() < 100 for _ in range(TRIES))
    assert any(percentile(settle_times(500), 99) < 1 for _ in range(TRIES))
