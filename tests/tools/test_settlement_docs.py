"""The pages on the settlement tool say what is so."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import get_args

import tools.settlement
from corpus import documents
from tools.settlement import policy, settle
from tools.settlement.check import complaints
from tools.settlement.scheme import load

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "add-a-city.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(found) == 1
    return str(found[0])


def test_the_city_of_the_page_works_as_it_stands_there(tmp_path: Path) -> None:
    document = documents.parse(block("markdown"), "qinghe/employee")
    file = tmp_path / "qinghe" / "employee.toml"
    file.parent.mkdir()
    file.write_text(block("toml"), encoding="utf-8")
    known = load(tmp_path)
    clauses = {clause.id: clause for clause in document.clauses}
    assert complaints(known["qinghe", "employee"], clauses) == ()
    result = settle(json.loads(block("json")), known)
    assert result.fund_total == Decimal("26117.50")
    assert result.buckets["deductible"] == Decimal(450)


def test_the_page_has_every_kind_of_step() -> None:
    steps = get_args(get_args(policy.AnyStep)[0])
    kinds = {get_args(step.model_fields["kind"].annotation)[0] for step in steps}
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == kinds


def test_the_names_of_the_overview_exist() -> None:
    page = (DOCS / "settlement.md").read_text(encoding="utf-8")
    names = re.findall(r"^\| `(\w+)[`(]", page, re.MULTILINE)
    assert names
    assert set(names) <= set(tools.settlement.__all__)
