"""Cases worked on paper, against the engine and against the second opinion."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from comparison import disagreement, engine_opinion
from second_opinion import second_opinion

FOLDER = Path(__file__).parent / "hand_worked"


class ExactLoader(yaml.SafeLoader):
    """Reads 0.1 as the decimal that stands on the paper."""


ExactLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))


def worked_cases() -> list[Any]:
    params = []
    for path in sorted(FOLDER.glob("*.yaml")):
        paper = yaml.load(path.read_text("utf-8"), ExactLoader)
        for benefit, entries in paper["benefits"].items():
            assert len(entries) >= 8, f"{path.name}: too few cases for {benefit}"
            for number, entry in enumerate(entries, 1):
                whose = {"region": paper["region"], "insurance": paper["insurance"]}
                case = {**whose, "benefit": benefit, **entry["case"]}
                params.append(pytest.param(case, entry, id=f"{path.stem}-{benefit}-{number}"))
    return params


def two_places(amount: int | Decimal) -> str:
    return f"{Decimal(amount):.2f}"


def expected(entry: dict[str, Any]) -> dict[str, Any]:
    if "missing" in entry:
        return {"status": "need_facts", "missing": set(entry["missing"])}
    if "asks" in entry:
        return {"status": "not_stated", "ask": set(entry["asks"])}
    fund, patient = entry["totals"]
    return {
        "status": "settled",
        "fund_total": two_places(fund),
        "patient_total": two_places(patient),
        "buckets": {name: two_places(amount) for name, amount in entry["buckets"].items()},
        "alternatives": sorted(
            (two_places(fund), two_places(patient))
            for fund, patient in entry.get("alternatives", [])
        ),
    }


def as_sent(case: dict[str, Any]) -> dict[str, Any]:
    return {
        field: str(value) if isinstance(value, Decimal) else value for field, value in case.items()
    }


@pytest.mark.parametrize(("case", "entry"), worked_cases())
def test_engine_gets_what_the_paper_says(case: dict[str, Any], entry: dict[str, Any]) -> None:
    assert disagreement(engine_opinion(as_sent(case)), expected(entry)) == "", entry["sum"]


@pytest.mark.parametrize(("case", "entry"), worked_cases())
def test_trees_get_what_the_paper_says(case: dict[str, Any], entry: dict[str, Any]) -> None:
    assert second_opinion(as_sent(case)) == expected(entry), entry["sum"]
