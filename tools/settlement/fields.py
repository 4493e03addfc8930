"""The types of fields in a policy file, each with its checks and its JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    create_model,
)

from tools.settlement import conditions
from tools.settlement.conditions import Conditions
from tools.settlement.facts import FACTS, Fact, Value


def _plain_number(value: object) -> object:
    """Figures are TOML numbers: no quotes, no true and false."""
    if isinstance(value, str | bool):
        raise ValueError("write a plain number without quotes")
    return value


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _other_facts(value: object) -> dict[str, Value]:
    """What a case is treated as: values of the contract, or an amount of nothing."""
    if not isinstance(value, Mapping) or not value:
        raise ValueError("write a table of facts and values")
    for name, each in value.items():
        fact = FACTS.get(name)
        nothing = fact is not None and fact.kind == "amount" and each == 0
        if fact is None or not (each in fact.values or nothing):
            raise ValueError(f"a case can't be treated as {name} = {each!r}")
    return {name: Decimal(0) if FACTS[name].kind == "amount" else v for name, v in value.items()}


class _Bounds(BaseModel):
    """From a figure on, below a figure, or both."""

    model_config = ConfigDict(extra="forbid")
    least: int = Field(0, alias="from")
    below: int = 0


def _tested(fact: Fact) -> Any:
    """What a row may test a fact for, as a field of `_When`."""
    if fact.kind == "integer":
        return (int | list[int] | _Bounds, Field(None, description=fact.label))
    one: Any = Literal[tuple(fact.values)]
    return (one | list[one], Field(None, description=fact.label))


# Only for the JSON Schema; `conditions.parse` reads a table and has the better messages.
_When: Any = create_model(
    "When",
    __config__=ConfigDict(extra="forbid"),
    **{n: _tested(f) for n, f in FACTS.items() if f.kind in ("choice", "flag", "integer")},
)

When = Annotated[Conditions, PlainValidator(conditions.parse, json_schema_input_type=_When)]

_ClauseId = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9-]+/[a-z0-9-]+#[a-z0-9-]+$",
        description="clause id, such as wuxi/employee-inpatient#deductible",
    ),
]
Cites = Annotated[
    tuple[_ClauseId, ...],
    BeforeValidator(_several, json_schema_input_type=_ClauseId | list[_ClauseId]),
]
Amount = Annotated[
    Decimal,
    BeforeValidator(_plain_number),
    Field(ge=0, decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": 0, "description": "yuan"}),
]
Rate = Annotated[
    Decimal,
    BeforeValidator(_plain_number),
    Field(ge=0, le=1),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1, "description": "0.12 is 12%"}),
]
OtherFacts = Annotated[
    dict[str, Value], PlainValidator(_other_facts, json_schema_input_type=dict[str, Any])
]
Counter = Literal[
    "year_expense_before", "year_fund_before", "year_class2_before", "year_critical_before"
]
Fund = Literal["pooled_fund", "critical_illness", "civil_servant", "assistance"]
