"""Made-up places are places of their own: other names, other amounts, documents that read."""

from __future__ import annotations

from pathlib import Path

from corpus.documents import load
from evals.figures import values
from evals.scale import make_places


def test_made_up_places_read_and_differ(tmp_path: Path) -> None:
    ids = make_places(6, tmp_path)
    assert len(set(ids.values())) == 4
    clauses = {clause.id: clause for document in load(tmp_path) for clause in document.clauses}
    twins = [made for made, original in ids.items() if original == ids[min(ids)]]
    assert len(twins) == 2
    texts = {made: "".join(c.text for c in clauses.values() if c.region == made) for made in twins}
    assert all("常州" not in text for text in texts.values())
    first, second = (values(text) for text in texts.values())
    assert first != second
    assert {clause.region for clause in clauses.values()} == set(ids)
