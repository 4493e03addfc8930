"""A settlement as HTML: who pays what, and each step with its clause."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from html import escape
from typing import Any

from tools.settlement import BUCKETS, FUNDS

CLOSING = "这是按公开政策的估算，以医院结算单为准。"


def draw(result: Mapping[str, Any], numbers: Mapping[str, int], anchors: Mapping[int, str]) -> str:
    """Draw a settlement; nothing where no step could be computed.

    Args:
        result: as ``POST /api/estimate`` answers.
        numbers: citation number by clause id.
        anchors: element id by citation number.
    """
    if not result["lines"]:
        return ""
    settled = result["status"] == "settled"
    heading = "这笔钱怎么分" if settled else "能确定的部分"
    steps = "".join(_step(line, numbers, anchors) for line in result["lines"])
    return (
        f'<section class="estimate" aria-label="{heading}"><h3>{heading}</h3>'
        f"{_shares(result) if settled else ''}"
        '<div class="wide" tabindex="0"><table class="steps"><caption>每一步怎么算</caption>'
        '<thead><tr><th scope="col">步骤</th><th scope="col">谁付</th>'
        f'<th scope="col" class="money">金额（元）</th></tr></thead><tbody>{steps}</tbody></table>'
        "</div></section>"
    )


def yuan(amount: str) -> str:
    """12640.00 as 12,640.00."""
    return f"{Decimal(amount):,.2f}"


def reference_button(number: int, anchor: str) -> str:
    """The small number behind a statement that opens its clause."""
    return (
        f'<button type="button" class="reference" data-opens="{anchor}" '
        f'aria-label="看出处 {number}">{number}</button>'
    )


def notes(result: Mapping[str, Any]) -> str:
    """What was assumed, the other reading's figure, what to mind: beside the figures, in words."""
    if result["status"] == "need_facts":
        return ""
    groups = (
        ("我按这些来算，有不一样的请改了再算：", [a["text"] for a in result["assumptions"]]),
        ("资料有另一种理解：", [a["text"] for a in result["alternatives"]]),
        ("请留意：", [*result["warnings"], CLOSING]),
    )
    return "".join(
        f"<p>{heading}</p><ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"
        for heading, texts in groups
        if texts
    )


def _shares(result: Mapping[str, Any]) -> str:
    totals = (
        ("mine", "您自己付", result["patient_total"]),
        ("fund", "医保付", result["fund_total"]),
        ("all", "总费用", result["total"]),
    )
    sums = "".join(
        f'<div class="{kind}"><dt>{label}</dt><dd>{yuan(amount)}<small> 元</small></dd></div>'
        for kind, label, amount in totals
    )
    buckets = [(name, amount) for name, amount in result["buckets"].items() if Decimal(amount)]
    return f'<dl class="totals">{sums}</dl>{_bar(buckets)}{_legend(buckets)}'


def _bar(buckets: list[tuple[str, str]]) -> str:
    spoken = "，".join(f"{BUCKETS[name]} {yuan(amount)} 元" for name, amount in buckets)
    parts = "".join(
        f'<span class="bucket {name}" style="flex-grow:{amount}"></span>'
        for name, amount in buckets
    )
    return f'<div class="bar" role="img" aria-label="{spoken}">{parts}</div>' if buckets else ""


def _legend(buckets: list[tuple[str, str]]) -> str:
    entries = "".join(
        f'<li><span class="bucket {name}" aria-hidden="true"></span>{BUCKETS[name]}'
        f'<span class="payer">{_payer(name)}</span><b>{yuan(amount)} 元</b></li>'
        for name, amount in buckets
    )
    return f'<ul class="legend">{entries}</ul>'


def _step(line: Mapping[str, Any], numbers: Mapping[str, int], anchors: Mapping[int, str]) -> str:
    cites = [cite["clause"] for cite in (line["cite"], *line.get("more_cites", ())) if cite]
    numbered = [numbers[clause] for clause in cites if clause in numbers]
    references = "".join(reference_button(n, anchors[n]) for n in numbered)
    return (
        f"<tr><td>{escape(line['text'])}{references}</td><td>{_payer(line['bucket'])}</td>"
        f'<td class="money">{yuan(line["amount"])}</td></tr>'
    )


def _payer(bucket: str) -> str:
    return "医保" if bucket in FUNDS else "您"
