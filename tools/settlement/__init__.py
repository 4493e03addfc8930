"""The settlement tool: what the funds pay and what the patient pays, exact and explained."""

from tools.settlement.case import InvalidCase, loads
from tools.settlement.coverage import PolicyError
from tools.settlement.engine import settle
from tools.settlement.facts import FACTS, Fact
from tools.settlement.result import (
    BUCKETS,
    FUNDS,
    PATIENT,
    Alternative,
    Assumption,
    Gap,
    Line,
    Missing,
    Settlement,
)
from tools.settlement.rule import Rule
from tools.settlement.rules import rules
from tools.settlement.scheme import Benefit, Scheme, find_benefit, schemes
from tools.settlement.year import Year, settle_year

__all__ = [
    "BUCKETS",
    "FACTS",
    "FUNDS",
    "PATIENT",
    "Alternative",
    "Assumption",
    "Benefit",
    "Fact",
    "Gap",
    "InvalidCase",
    "Line",
    "Missing",
    "PolicyError",
    "Rule",
    "Scheme",
    "Settlement",
    "Year",
    "find_benefit",
    "loads",
    "rules",
    "schemes",
    "settle",
    "settle_year",
]
