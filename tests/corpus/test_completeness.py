"""A document that loses, changes or adds something is found, and the library as it is holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.completeness import Complaint, check
from corpus.documents import LIBRARY, DocumentError, load

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "seeds"

needs_sources = pytest.mark.skipif(
    not SOURCES.is_dir(), reason="the source documents are not beside this checkout"
)


class Workshop:
    """A copy of the library, or of some of its regions, to break things in."""

    def __init__(self, folder: Path, *regions: str) -> None:
        self.library = folder / "documents"
        self.sources = folder / "sources"
        self.sources.mkdir()
        for region in regions:
            shutil.copytree(LIBRARY / region, self.library / region)
        for name in {clause.source for d in load(self.library) for clause in d.clauses}:
            shutil.copy(SOURCES / name, self.sources)

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.library / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} no longer has {old!r}"
        path.write_text(text.replace(old, new), "utf-8")

    def check(self) -> list[Complaint]:
        return check(load(self.library), self.sources, self.library)


@needs_sources
def test_the_library_restates_its_sources_completely() -> None:
    assert [str(complaint) for complaint in check(load(), SOURCES)] == []


@pytest.fixture
def xinyu(tmp_path: Path) -> Workshop:
    if not SOURCES.is_dir():
        pytest.skip("the source documents are not beside this checkout")
    return Workshop(tmp_path, "xinyu")


def test_a_dropped_figure_is_found(xinyu: Workshop) -> None:
    xinyu.replace("xinyu/employee-maternity.md", "| 刮宫术 | 300 元 |\n", "")
    [complaint] = xinyu.check()
    assert complaint.file == "002_0e2ca4c75789dc81.txt"
    assert "'300元' is not restated" in complaint.text
    assert "xinyu/employee-maternity#outpatient-quota" in complaint.text
    line = (SOURCES / complaint.file).read_text("utf-8").splitlines()[complaint.line - 1]
    assert "刮宫术300元/例" in line


def test_an_altered_figure_is_found(xinyu: Workshop) -> None:
    xinyu.replace("xinyu/resident-inpatient.md", "剖宫产 2640 元", "剖宫产 2460 元")
    added, dropped = sorted(xinyu.check(), key=lambda c: c.file, reverse=True)
    assert "'2460 元' stands in no source" in added.text
    assert "'2640元' is not restated" in dropped.text
    text = (xinyu.library / added.file).read_text("utf-8").splitlines()[added.line - 1]
    assert "2460" in text


def test_a_figure_that_is_right_elsewhere_is_found_where_it_is_wrong(xinyu: Workshop) -> None:
    xinyu.replace("xinyu/newborn.md", "出生之日起 3 个月内", "出生之日起 30 日内")
    assert any("'30 日' stands in the source, but not about this" in c.text for c in xinyu.check())


def test_swapped_rows_of_a_table_are_found(xinyu: Workshop) -> None:
    xinyu.replace("xinyu/resident-inpatient.md", "| 二级医院 | 80% |", "| 二级医院 | 60% |")
    xinyu.replace("xinyu/resident-inpatient.md", "| 三级医院 | 60% |", "| 三级医院 | 80% |")
    [complaint] = xinyu.check()
    assert "in another order" in complaint.text
    assert complaint.where == "xinyu/resident-inpatient#fund-share"


def test_an_invented_figure_is_found(xinyu: Workshop) -> None:
    xinyu.replace(
        "xinyu/out-of-area.md", "请向参保地医保经办机构确认。", "没备案的报销比例再降 17 个百分点。"
    )
    assert {c.text for c in xinyu.check()} == {
        "'17 个百分点' stands in no source of this clause; correct or remove it"
    }


def test_an_invented_figure_in_a_heading_or_in_words_is_found(xinyu: Workshop) -> None:
    xinyu.replace("xinyu/referral.md", "## 门诊病人能不能转 ", "## 门诊病人 15 天内能不能转 ")
    xinyu.replace("xinyu/newborn.md", "可以适当推迟", "可以推迟四十五天")
    assert {c.subject for c in xinyu.check()} == {"15 天", "四十五天"}


def test_a_missing_disease_is_found_though_another_list_has_it(xinyu: Workshop) -> None:
    xinyu.replace("xinyu/resident-outpatient-special.md", "2. 系统性红斑狼疮\n", "")
    [complaint] = xinyu.check()
    assert complaint.subject == "系统性红斑狼疮"
    assert "xinyu/resident-outpatient-special#class-1-diseases" in complaint.text


def test_a_missing_form_is_found(xinyu: Workshop) -> None:
    xinyu.replace("xinyu/catalogue.md", "《自费项目知情同意书》", "同意书")
    assert {c.subject for c in xinyu.check()} == {"自费项目知情同意书"}


@needs_sources
def test_a_missing_hospital_and_a_wrong_telephone_digit_are_found(tmp_path: Path) -> None:
    library = Workshop(tmp_path, *(path.name for path in LIBRARY.iterdir() if path.is_dir()))
    row = "| 2 | 镇江市第一人民医院 | 开通 | 开通 | 开通 |\n"  # its branch, row 3, stays
    library.replace("zhenjiang/local-hospitals.md", row, "")
    library.replace("zhenjiang/offices.md", "0517-83888187", "0517-83888181")
    assert {c.subject for c in library.check()} == {
        "镇江市第一人民医院",
        "0517-83888187",
        "0517-83888181",
    }


def test_a_reference_to_a_clause_that_is_gone_is_found(xinyu: Workshop) -> None:
    xinyu.replace("xinyu/poverty.md", "## 三免四减半 ", "## 免哪些费用 ")
    xinyu.replace("xinyu/discharge.md", "title: 新余出院结算流程", "title: 新余出院")
    assert {(c.file, c.subject) for c in xinyu.check()} == {
        ("xinyu/hospital-rules.md", "三免四减半"),
        ("xinyu/referral.md", "新余出院结算流程"),
    }


def test_what_an_exception_excuses_is_excused_and_nothing_else(xinyu: Workshop) -> None:
    exceptions = xinyu.library / "xinyu/exceptions.toml"
    written = exceptions.read_text("utf-8")
    exceptions.unlink()
    assert {c.subject for c in xinyu.check()} == {"垫付压力大", "往返奔波累"}
    exceptions.write_text(written.replace("往返奔波累", "发票可能丢失"), "utf-8")
    assert [c.text for c in xinyu.check()] == [
        "'往返奔波累' is not restated; add it to a clause",
        "the exception for '发票可能丢失' is not needed; remove it",
    ]


def test_front_matter_is_checked_without_sources(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    folder.mkdir()
    text = (LIBRARY / "xinyu/newborn.md").read_text("utf-8")
    text = text.replace("region: xinyu", "region: nowhere")
    text = text.replace("as_of: unknown", "as_of: 去年").replace("hotline: unknown", "hotline: 无")
    (folder / "newborn.md").write_text(text, "utf-8")
    assert [str(c) for c in check(load(tmp_path), None, tmp_path)] == [
        "nowhere/newborn.md:1: as_of '去年': write YYYY-MM or unknown",
        "nowhere/newborn.md:1: hotline '无': write the number or unknown",
    ]


def test_sources_that_are_missing_superfluous_or_unreadable_are_named(tmp_path: Path) -> None:
    documents = [d for d in load() if d.id == "xinyu/newborn"]
    (tmp_path / "other.txt").write_text("起付线 100 元", "utf-8")
    complaints = {str(c) for c in check(documents, tmp_path)}
    assert "other.txt:1: no clause restates this source" in complaints
    assert any("isn't among the given files" in complaint for complaint in complaints)
    (tmp_path / "other.txt").write_bytes("起付线 100 元".encode("gbk"))
    with pytest.raises(DocumentError, match=r"other\.txt: not UTF-8"):
        check(documents, tmp_path)
