"""The engine and the second opinion agree on thousands of drawn cases and on every refusal."""

from itertools import product
from random import Random

import pytest
from comparison import engine_against_trees, engine_opinion
from random_cases import BENEFITS, INVALID_CASES, ORDINARY, Benefit, random_case
from second_opinion import second_opinion
from second_opinion.paper import WORDS

from tools.settlement import InvalidCase, settle

CASES_PER_BENEFIT = 250
LACKING = [
    named
    for named in product(*(WORDS[name].split() for name in ("region", "insurance", "benefit")))
    if named not in BENEFITS
]


@pytest.mark.parametrize("benefit", BENEFITS, ids="-".join)
def test_engine_and_trees_agree(benefit: Benefit) -> None:
    rng = Random("-".join(benefit))
    cases = [random_case(rng, benefit) for _ in range(CASES_PER_BENEFIT)]
    differing = [(case, why) for case in cases if (why := engine_against_trees(case))]
    shown = "\n".join(f"{case}\n    engine / trees  {why}" for case, why in differing[:5])
    assert not differing, f"{len(differing)} of {len(cases)} differ\n{shown}"


@pytest.mark.parametrize("named", LACKING, ids="-".join)
def test_a_benefit_that_a_scheme_lacks_is_not_stated(named: Benefit) -> None:
    case = dict(zip(("region", "insurance", "benefit"), named, strict=True))
    assert engine_opinion({**ORDINARY, **case}) == {"status": "not_stated", "ask": set()}
    assert engine_against_trees(case) == ""


@pytest.mark.parametrize("absent", ["region", "insurance", "benefit"])
def test_whose_insurance_and_which_benefit_are_asked_first(absent: str) -> None:
    case = {field: value for field, value in ORDINARY.items() if field != absent}
    opinion = engine_opinion(case)
    assert opinion["status"] == "need_facts"
    assert opinion["missing"][0] == absent
    assert second_opinion(case) == {"status": "need_facts", "missing": {absent}}


@pytest.mark.parametrize("field", sorted({field for _, field in INVALID_CASES}))
def test_bad_input_is_refused_by_the_name_of_its_field(field: str) -> None:
    for case in [case for case, named in INVALID_CASES if named == field]:
        with pytest.raises(InvalidCase) as refusal:
            settle(case)
        assert refusal.value.field == field, case
        assert second_opinion(case) == {"status": "invalid", "field": field}, case
