"""The settlement tool as the model sees it: its own contract as a schema, arguments checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
    model_validator,
)

from bot.answering.estimates import case_of
from bot.answering.naming import labels, yuan
from bot.understanding.inquiry import Inquiry
from tools.settlement import FACTS, InvalidCase, Settlement, schemes, settle

NAME = "settle"
_DESCRIPTION = "按医保政策计算这次费用：医保付多少、参保人自己付多少。金额单位是元。"
_WORDS = {"region": "参保地", "insurance": "险种", "benefit": "待遇"}
_Amount = Annotated[Decimal, WithJsonSchema({"type": "number"})]
_TYPES: Mapping[str, Any] = {"flag": bool, "integer": int, "amount": _Amount, "rate": _Amount}
_NOTHING = (0, "")
"""What models write where the patient has said nothing."""


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, arguments: Any) -> Any:
        """Models write null for what they leave out; a schema that says so is twice as long."""
        if not isinstance(arguments, Mapping):
            return arguments
        return {name: value for name, value in arguments.items() if value is not None}


def settlement_tool(inquiry: Inquiry, settled: Callable[[], None]) -> BaseTool:
    """Return the tool for one inquiry.

    Args:
        inquiry: what is known; an argument that says otherwise is an error for the model.
        settled: called when a settlement was returned.
    """
    case = case_of(inquiry)

    def run(**arguments: Any) -> str:
        if wrong := contradictions(arguments, case, inquiry):
            return f"没有计算。{'；'.join(wrong)}。请改正后再调用。"
        try:
            result = settle(case)
        except InvalidCase as error:
            return f"没有计算。{error.reason}。"
        settled()
        return _told(result)

    return StructuredTool(
        name=NAME,
        description=_DESCRIPTION,
        args_schema=schema(inquiry),
        func=run,
        handle_validation_error=_unreadable,
    )


def schema(inquiry: Inquiry) -> type[BaseModel]:
    """Return the arguments: place, scheme, benefit, and the facts that the benefit can use."""
    scheme = schemes()[inquiry.region or "", inquiry.insurance or ""]
    fields: dict[str, Any] = {
        name: _choice(_WORDS[name], labels(inquiry.region, inquiry.insurance, name))
        for name in _WORDS
    }
    for name in scheme.benefits[inquiry.benefit or ""].facts:
        fact = FACTS[name]
        if fact.kind == "choice":
            fields[name] = _choice(fact.label, scheme.labels(name))
        else:
            fields[name] = (_TYPES[fact.kind], Field(None, description=fact.label))
    return create_model("Case", __base__=_Arguments, **fields)


def contradictions(
    arguments: Mapping[str, Any], case: Mapping[str, object], inquiry: Inquiry
) -> list[str]:
    """Say which arguments the conversation doesn't bear out, in words for the model."""
    wrong = []
    for name, value in arguments.items():
        if value is None:
            continue
        known, label = case.get(name), FACTS[name].label if name in FACTS else _WORDS[name]
        if known is None:
            assumed = FACTS[name].assumed if name in FACTS else None
            if value not in _NOTHING and not _same(value, assumed):
                wrong.append(f"{label}（{name}）：参保人没有说过，不要填")
        elif not _same(value, known):
            said = labels(inquiry.region, inquiry.insurance, name).get(known, known)
            wrong.append(f"{label}（{name}）：参保人说的是 {said}（{known}）")
    return wrong


def _choice(described: str, names: Mapping[Any, str]) -> tuple[Any, Any]:
    """A field of one of several values; a model may write its Chinese name for it."""
    values = {label: value for value, label in names.items()}
    named = BeforeValidator(lambda given: values.get(str(given), given))
    listed = "，".join(f"{value} {label}" for value, label in names.items())
    field = Field(None, description=f"{described}：{listed}")
    return Annotated[Literal[tuple(names)], named], field


def _unreadable(error: Any) -> str:
    """Say which arguments are none, in words for the model."""
    wrong = "；".join(f"{'.'.join(map(str, e['loc']))}：{e['msg']}" for e in error.errors())
    return f"没有计算。{wrong}。请改正后再调用。"


def _same(value: object, known: object) -> bool:
    if isinstance(value, bool) or isinstance(known, bool):
        return value is known
    try:
        return Decimal(str(value)) == Decimal(str(known))
    except InvalidOperation:
        return value == known


def _told(result: Settlement) -> str:
    steps = "；".join(f"{line.text}：{yuan(line.amount)} 元" for line in result.lines)
    return (
        f"参保人自己付 {yuan(result.patient_total)} 元，医保付 {yuan(result.fund_total)} 元。"
        f"步骤：{steps}。"
    )
