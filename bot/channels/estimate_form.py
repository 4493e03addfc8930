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
from bot.channels.service import Service, address
from bot.reply import Citation
from tools.settlement import FACTS, Fact, InvalidCase, Scheme, schemes, settle
from tools.settlement.facts import INSURANCES

CHANNEL = "form"
_KEY = "estimate"
_INTRO = (
    '<div class="form-intro"><h2>这次看病要付多少</h2>'
    "<p>选好参保地、险种和待遇，再填这项待遇要用的几项。</p></div>"
)
_FOLD = "还有这些情况吗？不填就按常见情况算"
_NO_SCHEME = "手上的资料没有写这里这种医保的待遇，可以打 12393（国家医保服务热线）问。"
_FOLDED = frozenset(
    # A bed fee is stated only where it is to be checked against its ceiling.
    {"bed_days", "bed_price"} | {fact.name for fact in FACTS.values() if fact.assumed is not None}
)
_YES_NO = (("是", True), ("不是", False))


class EstimateForm:
    """The form, laid out where it is made; it settles as ``POST /api/estimate`` does.

    Every fact has a field. Shown are those that the settlement tool asks for, given what is filled
    in; the facts that it would assume stand folded below.
    """

    def __init__(self, service: Service, regions: Mapping[str, str], home_region: str) -> None:
        self._service = service
        places = [(name, region) for region, name in regions.items()]
        insurances = [(name, insurance) for insurance, name in INSURANCES.items()]
        gr.HTML(_INTRO, apply_default_css=False)
        with gr.Group():
            region = gr.Radio(places, value=home_region or None, label="在哪里参保")
            insurance = gr.Radio(insurances, label="哪种医保")
            benefit = gr.Radio([], label="算哪一项", visible=False)
        with gr.Group(visible=False) as needed:
            fields = {f.name: _field(f) for f in FACTS.values() if f.name not in _FOLDED}
        with gr.Accordion(_FOLD, open=False, visible=False) as folded:
            fields |= {f.name: _field(f) for f in FACTS.values() if f.name in _FOLDED}
        self._fields = {name: fields[name] for name in FACTS}
        button = gr.Button("算一算", variant="primary", visible=False)
        self._result = gr.HTML(elem_id="estimate-result", apply_default_css=False)
        self._parts = [benefit, needed, folded, button, self._result]
        self._choice = [region, insurance, benefit]
        self._listen(button)

    def _listen(self, button: gr.Button) -> None:
        quiet = {"concurrency_limit": None, "api_visibility": "private", "show_progress": "hidden"}
        fields = list(self._fields.values())
        filled_in = [*self._choice, *fields]
        # Kept in the page, not in the server: a restart must not empty a form.
        laid_out = gr.Textbox(visible="hidden")
        picked = [f for name, f in self._fields.items() if FACTS[name].kind in ("choice", "flag")]
        gr.on(
            [part.input for part in (*self._choice, *picked)],
            self._arrange,
            [laid_out, *filled_in],
            [laid_out, *self._parts, *fields],
            # One at a time: an answer to what was filled in before must not come last.
            trigger_mode="always_last",
            **quiet,
        )
        button.click(self._settle, filled_in, self._result, **quiet).then(
            None, js="() => window.policyPage.reveal('#estimate-result')"
        )

    def _arrange(self, laid_out: str, *filled_in: Any) -> list[Any]:
        """Offer the benefits of a new scheme, a new benefit's fields, or what is needed now."""
        region, insurance, benefit = (chosen or "" for chosen in filled_in[:3])
        scheme = schemes().get((region, insurance))
        offered = scheme.benefits if scheme else {}
        place, _, shown = laid_out.rpartition(" ")
        if place != f"{region} {insurance}" or benefit not in (*offered, ""):
            return [f"{region} {insurance} ", *self._offer(region, insurance)]
        if shown != benefit:
            return [f"{place} {benefit}", *self._lay_out(region, insurance, benefit)]
        fields = self._ask(filled_in) if benefit else [gr.skip() for _ in self._fields]
        return [laid_out, *[gr.skip() for _ in self._parts], *fields]

    def _offer(self, region: str, insurance: str) -> list[Any]:
        """The benefits of a scheme, when region and insurance are chosen."""
        scheme = schemes().get((region, insurance))
        names = [(b.name, b.id) for b in scheme.benefits.values()] if scheme else []
        unknown = region and insurance and not scheme
        said = _message(_NO_SCHEME) if unknown else ""
        hidden = gr.update(visible=False)
        return [
            gr.update(choices=names, value=None, visible=bool(names)),
            *(hidden, hidden, hidden, said),
            *[gr.update(visible=False, value=None) for _ in self._fields],
        ]

    def _lay_out(self, region: str, insurance: str, benefit: str) -> list[Any]:
        """Show the fields that a benefit begins with, under the names that its scheme has."""
        scheme = schemes()[region, insurance]
        case = {"region": region, "insurance": insurance, "benefit": benefit}
        shown = _asked(case)
        fields = [_fresh(FACTS[name], scheme, visible=name in shown) for name in self._fields]
        folded = gr.update(visible=not _FOLDED.isdisjoint(shown))
        there = gr.update(visible=True)
        return [gr.skip(), there, folded, there, "", *fields]

    def _ask(self, filled_in: Sequence[Any]) -> list[Any]:
        """Show what the settlement tool asks for now."""
        shown = _asked(self._case(filled_in))
        return [gr.update(visible=name in shown) for name in self._fields]

    async def _settle(self, request: gr.Request, *filled_in: Any) -> str:
        """Settle what is filled in."""
        try:
            result = await self._service.estimate(CHANNEL, address(request), self._case(filled_in))
        except InvalidCase as error:
            return _message(error.reason)
        except BusyError as busy:
            return _message(f"现在问的人比较多，请过 {busy.retry_after} 秒再算。")
        return _result(result, self._service.citations(result))

    def _case(self, filled_in: Sequence[Any]) -> dict[str, Any]:
        region, insurance, benefit, *answers = filled_in
        used = schemes()[region, insurance].benefits[benefit].facts
        told = zip(self._fields, answers, strict=True)
        facts = {name: _value(FACTS[name], value) for name, value in told if name in used}
        case = {"region": region, "insurance": insurance, "benefit": benefit, **facts}
        return {name: value for name, value in case.items() if value is not None}


def _asked(case: Mapping[str, Any]) -> set[str]:
    """The facts to show: told, missing, needed where the documents are silent, or assumable."""
    benefit = schemes()[case["region"], case["insurance"]].benefits[case["benefit"]]
    shown = {benefit.base} | (_FOLDED & set(benefit.facts)) | (FACTS.keys() & case.keys())
    try:
        # A sum that isn't there yet must not hide which other facts matter.
        result = settle({benefit.base: 1, **case})
    except InvalidCase:
        return shown | set(benefit.facts)
    return shown | {m.fact for m in result.missing} | {g.ask for g in result.gaps if g.ask}


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


def _fresh(fact: Fact, scheme: Scheme, *, visible: bool) -> Any:
    if fact.kind != "choice":
        return gr.update(visible=visible, value=None)
    choices = [(label, value) for value, label in scheme.labels(fact.name).items()]
    return gr.update(visible=visible, value=None, choices=choices)


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
    parts = (
        _said(result),
        draw(result, numbers, anchors),
        f"<div>{notes(result)}</div>",
        html.sources(citations, anchors),
    )
    return f'<div class="answer {result["status"]}" role="status">{"".join(parts)}</div>'


def _said(result: Mapping[str, Any]) -> str:
    if result["status"] == "need_facts":
        asked = "".join(f"<li>{escape(missing['question'])}</li>" for missing in result["missing"])
        return f"<div><p>还差这几项，填上就能算：</p><ul>{asked}</ul></div>"
    if result["status"] == "not_stated":
        said = "".join(f"<p>{escape(gap['text'])}</p>" for gap in result["gaps"])
        asks = [FACTS[gap["ask"]].label for gap in result["gaps"] if gap["ask"]]
        hint = f"<p>您如果知道{'、'.join(asks)}，填上再算。</p>" if asks else ""
        return f"<div>{said}{hint}</div>"
    return (
        f"<p>您自己付 <b>{yuan(result['patient_total'])} 元</b>，"
        f"医保付 <b>{yuan(result['fund_total'])} 元</b>。</p>"
    )
