"""The page's second tab: fill in a case, see its settlement. Fields come from the policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

import gradio as gr

from bot.channels import html
from bot.channels.estimate_html import draw, notes, yuan
from bot.channels.limits import BusyError
from bot.channels.service import Service
from bot.reply import Citation
from tools.settlement import FACTS, Fact, InvalidCase, Scheme, schemes
from tools.settlement.facts import INSURANCES

CHANNEL = "form"
_KEY = "estimate"
_INTRO = (
    '<div class="form-intro"><h2>这次看病要付多少</h2>'
    "<p>选好参保地、险种和待遇，再填这项待遇要用的几项。</p></div>"
)
_YES_NO = (("是", True), ("不是", False))


class EstimateForm:
    """The form, laid out where it is made; it settles as ``POST /api/estimate`` does.

    Every fact has a field; those that the chosen benefit doesn't use are hidden.
    """

    def __init__(self, service: Service, regions: Mapping[str, str], home_region: str) -> None:
        self._service = service
        places = [(name, region) for region, name in regions.items()]
        insurances = [(name, insurance) for insurance, name in INSURANCES.items()]
        gr.HTML(_INTRO, apply_default_css=False)
        with gr.Row():
            self._region = gr.Radio(places, value=home_region or None, label="参保地")
            self._insurance = gr.Radio(insurances, label="险种")
        self._benefit = gr.Dropdown([], label="待遇", visible=False, filterable=False)
        with gr.Group(visible=False) as self._needed:
            fields = {f.name: _field(f) for f in FACTS.values() if f.assumed is None}
        with gr.Accordion(
            "还有这些情况吗（不填就按常见情况算）", open=False, visible=False
        ) as self._usual:
            fields |= {f.name: _field(f) for f in FACTS.values() if f.assumed is not None}
        self._fields = {name: fields[name] for name in FACTS}
        self._button = gr.Button("算一算", variant="primary", visible=False)
        self._result = gr.HTML(elem_id="estimate-result", apply_default_css=False)
        self._listen()

    def _listen(self) -> None:
        free = {"concurrency_limit": None, "api_visibility": "private", "show_progress": "hidden"}
        chosen = [self._region, self._insurance, self._benefit]
        form = [self._needed, self._usual, self._button, self._result, *self._fields.values()]
        for choice in chosen[:2]:
            choice.input(self._offer, chosen[:2], [self._benefit, *form], **free)
        self._benefit.input(self._lay_out, chosen, form, **free)
        self._button.click(self._settle, [*chosen, *self._fields.values()], self._result, **free)

    def _offer(self, region: str | None, insurance: str | None) -> list[Any]:
        """The benefits of a scheme, when region and insurance are chosen."""
        scheme = schemes().get((region or "", insurance or ""))
        if region and insurance and scheme is None:
            nothing = "手上的资料没有写这个地方这种保险的待遇，可以打 12393 问当地。"
            return [gr.update(visible=False, value=None), *self._empty(nothing)]
        names = [(b.name, b.id) for b in scheme.benefits.values()] if scheme else []
        offer = gr.update(choices=names, value=None, visible=bool(names))
        return [offer, *self._empty("")]

    def _empty(self, text: str) -> list[Any]:
        hidden = [gr.update(visible=False)] * (3 + len(self._fields))
        return [*hidden[:3], f"<p>{text}</p>" if text else "", *hidden[3:]]

    def _lay_out(self, region: str, insurance: str, benefit: str) -> list[Any]:
        """Show the fields that a benefit uses, with the values that its scheme knows."""
        scheme = schemes()[region, insurance]
        used = scheme.benefits[benefit].facts
        fields = [_shown(FACTS[name], scheme, shown=name in used) for name in self._fields]
        usual = any(FACTS[name].assumed is not None for name in used)
        return [
            gr.update(visible=True),
            gr.update(visible=usual),
            gr.update(visible=True),
            "",
            *fields,
        ]

    async def _settle(self, *values: Any, request: gr.Request) -> str:
        """Settle what was filled in."""
        region, insurance, benefit, *answers = values
        used = schemes()[region, insurance].benefits[benefit].facts
        told = zip(self._fields, answers, strict=True)
        case = {name: _value(FACTS[name], value) for name, value in told if name in used}
        case |= {"region": region, "insurance": insurance, "benefit": benefit}
        client = request.client.host if request.client else "unknown"
        try:
            result = await self._service.estimate(CHANNEL, client, case)
        except InvalidCase as error:
            return _message(error.reason)
        except BusyError as busy:
            return _message(f"现在问的人比较多，请过 {busy.retry_after} 秒再算。")
        return _result(result, self._service.citations(result))


def _field(fact: Fact) -> gr.components.Component:
    """The field of a fact; hidden until a benefit uses it."""
    look = {"label": fact.label, "visible": False, "elem_id": f"fact-{fact.name}"}
    match fact.kind:
        case "choice":
            return gr.Radio([(label, value) for value, label in fact.values.items()], **look)
        case "flag":
            return gr.Radio(list(_YES_NO), **look)
        case "integer":
            return gr.Number(precision=0, **look)
        case "amount":
            return gr.Textbox(**look | {"label": f"{fact.label}（元）"}, max_length=20)
        case "rate":
            return gr.Textbox(**look | {"label": f"{fact.label}（%）"}, max_length=10)


def _shown(fact: Fact, scheme: Scheme, *, shown: bool) -> Any:
    if fact.kind != "choice" or not shown:
        return gr.update(visible=shown, value=None)
    choices = [(label, value) for value, label in scheme.labels(fact.name).items()]
    return gr.update(visible=True, choices=choices, value=None)


def _value(fact: Fact, filled_in: Any) -> Any:
    """A field's value as the case has it; None where the field was left empty."""
    if filled_in is None or filled_in == "":
        return None
    if fact.kind == "amount":
        return filled_in.strip().replace(",", "").replace("，", "") or None
    if fact.kind == "rate":
        return _share(filled_in)
    return filled_in


def _share(percent: str) -> Any:
    """70 or 70% as the share 0.7; what is no number is passed on, to be told so."""
    try:
        return Decimal(percent.strip().rstrip("%％")) / 100
    except ArithmeticError:
        return percent


def _message(text: str) -> str:
    return f'<div class="answer clarify" role="alert">{escape(text)}</div>'


def _result(result: Mapping[str, Any], citations: Sequence[Citation]) -> str:
    anchors = html.anchors_of(_KEY, citations)
    numbers = {citation.clause: citation.n for citation in citations}
    drawn = draw(result, numbers, anchors) + html.sources(citations, anchors)
    return f'<div class="answer {result["status"]}" role="status">{_said(result)}{drawn}</div>'


def _said(result: Mapping[str, Any]) -> str:
    if result["status"] == "need_facts":
        asked = "".join(f"<li>{escape(m['question'])}</li>" for m in result["missing"])
        return f"<p>还差这几项，填上就能算：</p><ul>{asked}</ul>"
    if result["status"] == "not_stated":
        said = "".join(f"<p>{escape(gap['text'])}</p>" for gap in result["gaps"])
        asks = [FACTS[gap["ask"]].label for gap in result["gaps"] if gap["ask"]]
        hint = f"<p>您如果知道{'、'.join(asks)}，填上再算。</p>" if asks else ""
        return said + hint + notes(result)
    said = (
        f"<p>您自己付 <b>{yuan(result['patient_total'])} 元</b>，"
        f"医保付 <b>{yuan(result['fund_total'])} 元</b>。</p>"
    )
    return said + notes(result)
