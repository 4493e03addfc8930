"""What a search in a region finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import search
from corpus.generation import Index
from corpus.index import Library
from corpus.search import Found, RegionSearch
from tests.corpus.conftest import CountingEngine
from tests.corpus.samples import write_document, write_library


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, shared_engine: CountingEngine) -> Index:
    folder = tmp_path_factory.mktemp("search")
    return Library(folder / "data", documents=write_library(folder)).open(shared_engine)


def ask(
    index: Index,
    engine: CountingEngine,
    question: str,
    insurance: str | None = None,
    region: str = "nantong",
) -> tuple[Found, ...]:
    found = RegionSearch(index.regions[region], engine)
    return found.find(question, insurance, 6)


def test_a_paraphrase_finds_the_clause(index: Index, engine: CountingEngine) -> None:
    best = ask(index, engine, "进医院先要自己掏多少钱", "employee")[0]
    assert best.clause.id == "nantong/employee#c1"


def test_a_table_row_is_found_and_shown_with_its_header(
    index: Index, engine: CountingEngine
) -> None:
    best = ask(index, engine, "三级医院起付线", "employee")[0]
    assert best.excerpt == "三级医院：起付线 1130 元"
    assert "| 三级医院 | 1130 元 |" in best.clause.text, "the clause itself stays whole"


def test_a_name_in_a_list_is_found(index: Index, engine: CountingEngine) -> None:
    best = ask(index, engine, "海门口腔医院能刷门诊吗")[0]
    assert best.clause.id == "nantong/hospitals#c1"
    assert best.excerpt == "海门口腔医院"


def test_a_way_to_ask_is_searched_and_never_shown(index: Index, engine: CountingEngine) -> None:
    best = ask(index, engine, "起伏线是多少钱", "employee")[0]
    assert best.kind == "ask"
    assert best.clause.id == "nantong/employee#c1"
    assert "起伏线" not in best.excerpt


@pytest.mark.parametrize(
    ("insurance", "kept"), [("employee", {"employee", "both"}), ("resident", {"resident", "both"})]
)
def test_the_other_insurance_falls_away(
    index: Index, engine: CountingEngine, insurance: str, kept: set[str]
) -> None:
    found = ask(index, engine, "二级医院住院起付线多少", insurance)
    assert found[0].clause.insurance == insurance
    assert {f.clause.insurance for f in found} <= kept


def test_without_insurance_both_are_found(index: Index, engine: CountingEngine) -> None:
    found = ask(index, engine, "二级医院住院起付线多少")
    assert {"employee", "resident"} <= {f.clause.insurance for f in found}


def test_another_region_is_never_found(index: Index, engine: CountingEngine) -> None:
    found = ask(index, engine, "泰州二级医院住院起付线", region="nantong")
    assert {f.clause.region for f in found} == {"nantong"}
    assert ask(index, engine, "起付线", region="taizhou")[0].clause.text.endswith("640 元。")


@pytest.mark.parametrize("question", ["三級醫院起付線", "３级医院　起付线", "三级医院起付线？！"])
def test_writing_does_not_matter(index: Index, engine: CountingEngine, question: str) -> None:
    assert ask(index, engine, question, "employee")[0].clause.id == "nantong/employee#c1"


def test_coverage_tells_the_known_from_the_unknown(index: Index, engine: CountingEngine) -> None:
    known = ask(index, engine, "三级医院起付线", "employee")[0]
    unknown = ask(index, engine, "种植牙矫正", "employee")
    assert known.coverage > 0.9
    assert all(found.coverage < 0.2 for found in unknown)


def test_a_document_without_asks_is_found_by_its_text(
    tmp_path: Path, engine: CountingEngine
) -> None:
    text = "".join(f"第{n}种情形由经办机构另行通知。" for n in range(40)) + "救护车费用由本人承担。"
    write_document(tmp_path, "yixing/rules", {"其他规定": text, "附则": "自发布之日起施行。"})
    index = Library(tmp_path / "data", documents=tmp_path).open(engine)
    best = ask(index, engine, "叫了120急救车钱谁出", region="yixing")[0]
    assert best.clause.section == "其他规定"
    best = ask(index, engine, "救护车谁付", region="yixing")[0]
    assert best.excerpt == "救护车费用由本人承担。"


def test_the_few_clauses_of_an_insurance_are_found_among_many_of_the_other(
    tmp_path: Path, engine: CountingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_NEIGHBOURS", 20)
    many = {f"住院起付线（{n}）": f"第{n}类人员住院的起付线是 {n} 元。" for n in range(1, 31)}
    write_document(tmp_path, "yixing/employee", many, insurance="employee")
    write_document(tmp_path, "yixing/resident", {"门槛": "一次 300 元。"}, insurance="resident")
    index = Library(tmp_path / "data", documents=tmp_path).open(engine)
    best = ask(index, engine, "住院起付线", "resident", region="yixing")[0]
    assert best.clause.id == "yixing/resident#c1"
    assert best.cosine > 0.7
