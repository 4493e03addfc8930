"""The real program under many clients at once; `evals.speed` measures, this only sees it hold."""

from __future__ import annotations

import httpx

from evals.speed import many_clients, messages_of_sets
from tests.servers import Program


def test_32_clients_at_once_see_no_error(program: Program) -> None:
    port = httpx.URL(program.url).port
    assert port
    measured = many_clients(port, messages_of_sets(), clients=32, seconds=5)
    figures = {target.what.rpartition(", ")[2]: target.value for target in measured}
    assert figures["errors"] == 0
    assert figures["answers a second"] > 1
    assert "Traceback" not in program.log()
