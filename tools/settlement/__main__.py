"""The settlement tool in a terminal; ``python -m tools.settlement --help``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus import documents
from corpus.documents import Clause
from tools.settlement.case import InvalidCase, loads
from tools.settlement.check import complaints
from tools.settlement.coverage import PolicyError
from tools.settlement.engine import settle
from tools.settlement.policy import PolicyFile
from tools.settlement.rules import of_benefit
from tools.settlement.scheme import Scheme, read, schemes
from tools.settlement.year import settle_year

_USAGE = """\
python -m tools.settlement CASE.json            settle one case ('-' reads standard input)
       python -m tools.settlement --year VISITS.json   settle a list of cases, one after another
       python -m tools.settlement check [FILE]         check the policies, or one file
       python -m tools.settlement show wuxi.employee   a scheme as tables, with citations
       python -m tools.settlement schema               JSON Schema of a policy file"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is success, 1 a complaint, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m tools.settlement", usage=_USAGE)
    parser.add_argument("command", help="a file, '-', check, show or schema")
    parser.add_argument("subject", nargs="?", help="what to check or show")
    parser.add_argument("--year", action="store_true", help="the file is a year of visits")
    options = parser.parse_args(arguments)
    try:
        match options.command:
            case "check":
                return _check(options.subject)
            case "show":
                return _show(options.subject or "")
            case "schema":
                _print(PolicyFile.model_json_schema())
                return 0
            case file:
                return _settle(file, year=options.year)
    except (PolicyError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _settle(file: str, *, year: bool) -> int:
    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    try:
        data = loads(text)
        result = settle_year(data) if year else settle(data)
    except InvalidCase as error:
        _print({"field": error.field, "reason": error.reason})
        return 1
    _print(result.to_json(_clauses()))
    return 0


def _check(file: str | None) -> int:
    clauses = _clauses()
    checked = [read(Path(file))] if file else list(schemes().values())
    found = [fault for scheme in checked for fault in complaints(scheme, clauses)]
    for fault in found:
        print(fault)
    if not found:
        names = "、".join(scheme.name for scheme in checked)
        print(f"没有问题：{names}，每个数字都在引用的条款里")
    return 1 if found else 0


def _show(name: str) -> int:
    region, _, insurance = name.partition(".")
    scheme = schemes().get((region, insurance))
    if scheme is None:
        known = ", ".join(".".join(key) for key in schemes())
        print(f"no scheme '{name}'; there are: {known}", file=sys.stderr)
        return 2
    print("\n".join(_tables(scheme, _clauses())))
    return 0


def _tables(scheme: Scheme, clauses: Mapping[str, Clause]) -> list[str]:
    dated = "没有注明日期" if scheme.as_of == "unknown" else scheme.as_of
    lines = [f"# {scheme.name}（资料日期：{dated}）"]
    for benefit in scheme.benefits.values():
        also = f"（也叫：{'、'.join(benefit.also)}）" if benefit.also else ""
        lines += ["", f"## {benefit.name}{also} · {benefit.id}", "", "| 规则 | 依据 |", "|---|---|"]
        for rule in of_benefit(scheme, benefit, {}):
            named = [f"{clauses[c].heading}（{c}）" if c in clauses else c for c in rule.cites]
            lines.append(f"| {rule.text} | {'；'.join(named) or '—'} |")
    return lines


def _clauses() -> dict[str, Clause]:
    return {clause.id: clause for each in documents.load() for clause in each.clauses}


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    sys.exit(main())
