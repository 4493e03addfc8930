"""What an estimate's reply says, and what the settlement tool settles."""

from __future__ import annotations

from decimal import Decimal

from bot.reply import Reply, Status
from tools.settlement import settle


def totals(reply: Reply) -> tuple[str, str]:
    """What the fund and the patient pay, which the text has to show, too."""
    assert reply.status is Status.ANSWERED, reply.text
    assert reply.estimate is not None
    fund, patient = reply.estimate["fund_total"], reply.estimate["patient_total"]
    assert Decimal(fund) + Decimal(patient) == Decimal(reply.estimate["total"])
    assert f"**{Decimal(patient):,.2f} 元**" in reply.text
    return fund, patient


def settled(**case: object) -> tuple[str, str]:
    result = settle(case)
    assert result.status == "settled"
    return f"{result.fund_total:.2f}", f"{result.patient_total:.2f}"


def clauses(reply: Reply) -> set[str]:
    return {citation.clause for citation in reply.citations}
