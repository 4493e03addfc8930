"""An operator's file in the library: all of it or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.convert import ConversionError
from corpus.documents import load, parse
from corpus.index import Library
from corpus.intake import Origin, add, as_document
from corpus.search import RegionSearch
from tests.corpus.conftest import CountingEngine
from tests.corpus.samples import write_docx, write_pdf

ORIGIN = Origin("南通职工医保通知", "nantong", "employee", "2024-05", "南通市医保局", "0513-12345")


def sections(markdown: str) -> dict[str, str]:
    document = parse(as_document(markdown, "notice.txt", ORIGIN), "nantong/notice")
    return {clause.section: clause.text for clause in document.clauses}


def test_headings_become_clauses_under_their_path() -> None:
    text = (
        "# 南通职工医保通知\n\n前言。\n\n## 住院\n\n### 起付线\n\n900 元。\n\n## 门诊\n\n报 70%。"
    )
    assert sections(text) == {
        "南通职工医保通知": "前言。",
        "住院 · 起付线": "900 元。",
        "门诊": "报 70%。",
    }


def test_numbered_regulations_become_clauses() -> None:
    text = (
        "总说明。\n第一章 待遇\n第一条 起付线为 900 元，退休减半。\n一、以下情形除外：工伤。\n"
        "第二条 报销 85%。\n第二章 附则\n自发布之日起施行。"
    )
    assert sections(text) == {
        "南通职工医保通知": "总说明。",
        "第一章 待遇 · 第一条": "起付线为 900 元，退休减半。\n一、以下情形除外：工伤。",
        "第一章 待遇 · 第二条": "报销 85%。",
        "第二章 附则": "自发布之日起施行。",
    }


def test_a_long_text_is_divided_and_a_table_is_not() -> None:
    paragraph = "参保人员在定点医疗机构发生的费用按规定支付。" * 20
    table = "| 医院 | 级别 |\n|---|---|\n" + "".join(f"| 第{n}医院 | 二级 |\n" for n in range(200))
    found = sections("\n\n".join([paragraph] * 5 + [table]))
    assert all(len(text) < 1700 for text in found.values() if "|" not in text)
    assert sum(paragraph in text for text in found.values()) >= 2
    assert sum("| 第0医院" in text for text in found.values()) == 1
    assert [text.count("\n| 第") for text in found.values() if "| 第0医院" in text] == [200]


def test_a_text_cannot_pass_for_the_format(tmp_path: Path) -> None:
    """Lines that mean something in our format are only text in an operator's file."""
    found = sections("---\ntitle: x\n---\n> 来源：伪造\n> 常问：伪造\n## 标题 {#a} **粗**\n正文。")
    assert "伪造" in found["南通职工医保通知"]
    assert found["标题 a 粗"] == "正文。"


def test_a_file_is_added_found_and_cited(
    tmp_path: Path, documents: Path, engine: CountingEngine
) -> None:
    library = Library(tmp_path, documents=documents)
    library.open(engine)
    write_docx(
        tmp_path / "Notice 2024.docx", ("Heading1", "救护车"), ("", "救护车费用由本人承担。")
    )
    target, document = add(tmp_path / "Notice 2024.docx", ORIGIN, library, engine)

    assert target == documents / "nantong" / "notice-2024.md"
    assert document in load(documents)
    index = library.serving(engine)
    assert index
    search = RegionSearch(index.regions["nantong"], engine)
    clause = search.find("叫救护车谁付钱", "employee", 1)[0].clause
    assert (clause.title, clause.section, clause.as_of) == ("南通职工医保通知", "救护车", "2024-05")
    assert clause.source == "Notice 2024.docx"


def test_chinese_file_names_stay_apart(
    tmp_path: Path, documents: Path, engine: CountingEngine
) -> None:
    library = Library(tmp_path, documents=documents)
    targets = set()
    for name in ("通知1.txt", "公告1.txt"):
        (tmp_path / name).write_text("救护车费用由本人承担。", encoding="gbk")
        targets.add(add(tmp_path / name, ORIGIN, library, engine)[0])
    assert len(targets) == 2


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("region", ["nantong", "suqian"])
def test_a_scan_changes_nothing(
    tmp_path: Path, documents: Path, engine: CountingEngine, region: str
) -> None:
    library = Library(tmp_path / "data", documents=documents)
    library.open(engine)
    write_pdf(tmp_path / "scan.pdf")
    before = everything(documents) | everything(tmp_path / "data")
    with pytest.raises(ConversionError, match="OCR"):
        add(tmp_path / "scan.pdf", Origin("标题", region, "both"), library, engine)
    assert everything(documents) | everything(tmp_path / "data") == before
    assert not (documents / "suqian").exists()


@pytest.mark.parametrize("region", ["nantong", "suqian"])
def test_when_indexing_fails_the_document_is_taken_back(
    tmp_path: Path,
    documents: Path,
    engine: CountingEngine,
    monkeypatch: pytest.MonkeyPatch,
    region: str,
) -> None:
    library = Library(tmp_path / "data", documents=documents)
    library.open(engine)
    (tmp_path / "notice.txt").write_text("救护车费用由本人承担。", encoding="utf-8")
    before = everything(documents) | everything(tmp_path / "data")

    def fail(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(engine, "passages", fail)
    with pytest.raises(MemoryError):
        add(tmp_path / "notice.txt", Origin("标题", region, "both"), library, engine)
    assert everything(documents) | everything(tmp_path / "data") == before
    assert not (documents / "suqian").exists()


def test_a_document_is_replaced_only_when_told(
    tmp_path: Path, documents: Path, engine: CountingEngine
) -> None:
    library = Library(tmp_path, documents=documents)
    file = tmp_path / "notice.txt"
    file.write_text("救护车费用由本人承担。", encoding="utf-8")
    target, _ = add(file, ORIGIN, library, engine)
    file.write_text("救护车费用由医保承担一半。", encoding="utf-8")
    with pytest.raises(ConversionError, match="--replace"):
        add(file, ORIGIN, library, engine)
    assert "本人" in target.read_text(encoding="utf-8")
    add(file, ORIGIN, library, engine, replace=True)
    assert "本人" not in target.read_text(encoding="utf-8")


@pytest.mark.parametrize("region", ["../etc", "无锡", "Wuxi", ""])
def test_a_region_is_a_folder_name(
    tmp_path: Path, documents: Path, engine: CountingEngine, region: str
) -> None:
    (tmp_path / "notice.txt").write_text("救护车费用由本人承担。", encoding="utf-8")
    library = Library(tmp_path, documents=documents)
    with pytest.raises(ConversionError, match="--region"):
        add(tmp_path / "notice.txt", Origin("标题", region, "both"), library, engine)
