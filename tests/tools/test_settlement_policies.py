"""Policy files: what a policy officer is told, and that every figure has its source."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from corpus import documents
from tools.settlement import PolicyError, schemes
from tools.settlement.check import complaints
from tools.settlement.figures import read as figures_in
from tools.settlement.policy import PolicyFile
from tools.settlement.scheme import POLICIES, read

CLAUSES = {clause.id: clause for each in documents.load() for clause in each.clauses}

GOOD = """
region = "wuxi"
region_name = "无锡"
insurance = "employee"
name = "无锡职工医保"
as_of = "2019-09"

[benefits.inpatient]
name = "住院"

[benefits.inpatient.readings]
other = { text = "另一种" }

[[benefits.inpatient.steps]]
kind = "deductible"
cite = "wuxi/employee-inpatient#deductible"
rows = [
    { when = { employment = "working" }, amount = 750, unless = "other" },
    { when = { employment = "working" }, amount = 600, only = "other" },
    { when = { employment = "retired" }, amount = 600 },
]

[[benefits.inpatient.steps]]
kind = "share"
cite = "wuxi/employee-inpatient#coinsurance"
rows = [
    { when = { age = { below = 70 } }, fund = 0.88 },
    { when = { age = { from = 70 } }, segments = [
        { upto = 10000, patient = 0.12 },
        { patient = 0.10 },
    ] },
]
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "wuxi" / "employee.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_the_example_is_accepted(tmp_path: Path) -> None:
    assert read(write(tmp_path, GOOD)).benefits["inpatient"].readings.keys() == {"other"}


@pytest.mark.parametrize(
    ("wrong", "right", "complaint"),
    [
        ("amount = 750", 'amount = "750"', "steps 1 rows 1 amount: write a plain number"),
        ("amount = 750", "amont = 750", "steps 1 rows 1 amont: unknown key"),
        ("amount = 750,", "", "steps 1 rows 1: a row gives one figure"),
        ("amount = 750", "amount = 750, colour = 1", "steps 1 rows 1 colour: unknown key"),
        ("amount = 750", "amount = -750", "steps 1 rows 1 amount: "),
        ("amount = 750", "amount = 750, none = true", "steps 1 rows 1: a row gives one figure"),
        ("fund = 0.88", "fund = 88", "steps 2 rows 1 fund: "),
        ("fund = 0.88", "fund = 0.88, fund = 0.9", "wuxi/employee.toml"),
        ('"working" }, amount = 750', '"student" }, amount = 750', "not one of: working, retired"),
        ("employment", "employed", "'employed' is no fact"),
        ("{ from = 70 }", "{ from = 71 }", "no row fits age = 70; add the row"),
        ("{ from = 70 }", "{ from = 69 }", "fit the same case; make their 'when' exclude"),
        ("{ below = 70 }", "{ under = 70 }", "a range is { from = 70 }"),
        (', unless = "other"', "", "row 1 (employment = ['working']) and row 2"),
        ('only = "other"', 'only = "another"', "reading 'another' is used in steps; describe it"),
        ('other = { text = "另一种" }', "", "reading 'other' is used in steps; describe it"),
        ("[benefits.inpatient.steps]]", "[benefits.inpatient.step]]", "unknown key"),
        (
            'kind = "share"\ncite = "wuxi/employee-inpatient#coinsurance"',
            'kind = "share"',
            "step 2 (share): row 1 (age = range(0, 70)): add cite",
        ),
        ("wuxi/employee-inpatient#coinsurance", "coinsurance", "steps 2 cite 1: "),
        ('kind = "share"', 'kind = "shares"', "steps 2: "),
        ("upto = 10000, patient", "patient", "every segment but the last has upto"),
        ("upto = 10000, patient = 0.12", "upto = 10000", "a segment gives either fund or patient"),
        ('name = "住院"', "", "benefits inpatient name: is missing; add it"),
        ('region_name = "无锡"', "", "region_name: is missing; add it"),
    ],
)
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, wrong: str, right: str, complaint: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        read(write(tmp_path, GOOD.replace(wrong, right)))
    assert complaint in str(caught.value)
    assert all(line.startswith("wuxi/employee.toml: ") for line in str(caught.value).split("\n"))


def test_the_last_step_places_all_money(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="the last step must place all money"):
        read(write(tmp_path, GOOD[: GOOD.rindex("[[benefits")]))


@pytest.mark.parametrize("key", schemes(), ids=".".join)
def test_every_figure_stands_in_the_cited_clause(key: tuple[str, str]) -> None:
    assert complaints(schemes()[key], CLAUSES) == ()


@pytest.mark.parametrize(
    ("wrong", "right", "complaint"),
    [
        ("amount = 750", "amount = 751", "(deductible): row 1 (employment = ['working']): the"),
        ("patient = 0.12", "patient = 0.13", "the share 0.13 does not stand in"),
        ("upto = 10000", "upto = 20000", "the figure 20000 does not stand in"),
        ("另一种", "按 61% 算", "the text says 0.61, which does not stand in"),
        ("inpatient#coinsurance", "inpatient#coins", "the library has no clause"),
        (
            "wuxi/employee-inpatient#deductible",
            "xinyu/employee-inpatient#deductible",
            "another region",
        ),
        ("wuxi/employee-inpatient#deductible", "wuxi/resident-outpatient#cap", "for resident"),
        ("2019-09", "2020-09", "as_of: no cited document has this date"),
    ],
)
def test_a_figure_without_source_is_found(
    tmp_path: Path, wrong: str, right: str, complaint: str
) -> None:
    good = GOOD.replace("70", "10000").replace("0.88", "0.12")
    found = complaints(read(write(tmp_path, good.replace(wrong, right, 1))), CLAUSES)
    assert [fault for fault in found if complaint in fault], found


def test_the_documents_keep_their_figures() -> None:
    """A figure that is lost from a clause is a complaint about the policy that cites it."""
    clause = CLAUSES["wuxi/employee-inpatient#deductible"]
    changed = CLAUSES | {clause.id: replace(clause, text=clause.text.replace("600", "500"))}
    found = complaints(schemes()["wuxi", "employee"], changed)
    assert any("the figure 600 does not stand in" in fault for fault in found)


@pytest.mark.parametrize(
    ("text", "numbers", "shares"),
    [
        ("报销 10%", "", "0.1"),
        ("百分之十二点", "", "0.12"),
        ("自付３７．５％", "", "0.375"),
        ("降低 10 个百分点", "", "0.1"),
        ("按四分之一付", "", "0.25"),
        ("减半执行", "", "0.5"),
        ("全额承担", "", "1"),
        ("封顶 20 万元", "200000", ""),
        ("12.5万", "125000", ""),
        ("5,000 元", "5000", ""),
        ("一万二千三百元", "12300", ""),
        ("第二次、二十五种", "2 25", ""),
    ],
)
def test_figures_are_found_in_any_writing(text: str, numbers: str, shares: str) -> None:
    found = figures_in(text)
    assert {f"{number.normalize():f}" for number in found.numbers} == set(numbers.split())
    assert {f"{share.normalize():f}" for share in found.shares} == set(shares.split())


def test_policy_files_are_valid_by_their_schema() -> None:
    schema = json.loads((POLICIES / "policy.schema.json").read_text(encoding="utf-8"))
    assert schema == PolicyFile.model_json_schema(), "run: python -m tools.settlement schema"
    validator = jsonschema.Draft202012Validator(schema)
    for file in POLICIES.glob("*/*.toml"):
        validator.validate(tomllib.loads(file.read_text(encoding="utf-8")))
    bad = tomllib.loads(GOOD.replace('"working"', '"student"'))
    assert not validator.is_valid(bad)


def test_a_file_stands_at_the_place_of_its_region(tmp_path: Path) -> None:
    from tools.settlement.scheme import load

    write(tmp_path, GOOD.replace('region = "wuxi"', 'region = "xinyu"'))
    with pytest.raises(PolicyError, match="region and insurance must be those of the path"):
        load(tmp_path)
