"""The engine's result in the shape of the second opinion, and what separates the two."""

from typing import Any

from second_opinion import second_opinion

from tools.settlement import settle


def engine_opinion(case: dict[str, Any]) -> dict[str, Any]:
    result = settle(case)
    if result.status == "need_facts":
        return {"status": "need_facts", "missing": [absent.fact for absent in result.missing]}
    if result.status == "not_stated":
        return {"status": "not_stated", "ask": {gap.ask for gap in result.gaps if gap.ask}}
    return {
        "status": result.status,
        "fund_total": f"{result.fund_total:.2f}",
        "patient_total": f"{result.patient_total:.2f}",
        "buckets": {name: f"{amount:.2f}" for name, amount in result.buckets.items() if amount},
        "alternatives": sorted(
            (f"{other.fund_total:.2f}", f"{other.patient_total:.2f}")
            for other in result.alternatives
        ),
    }


def disagreement(engine: dict[str, Any], other: dict[str, Any]) -> str:
    """Empty where the two agree; the engine may ask for fewer of the missing facts at a time."""
    differing = {name for name in {*engine, *other} if engine.get(name) != other.get(name)}
    if (
        differing == {"missing"}
        and engine["missing"]
        and set(engine["missing"]) <= other["missing"]
    ):
        differing = set()
    return "; ".join(
        f"{name}: {engine.get(name)} / {other.get(name)}" for name in sorted(differing)
    )


def engine_against_trees(case: dict[str, Any]) -> str:
    return disagreement(engine_opinion(case), second_opinion(case))
