"""The covered places are data, and every entry stands in a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.documents import load
from corpus.regions import RegionError, load_regions

GOOD = """
name = "甲州"
adcode = "9901"
also = ["州城"]
separate = ["乙县"]
hospitals = ["甲州第一人民医院"]
office = "甲州医保中心"
hotline = "0999-1234567"
cite = "jiazhou/contact#phone"

[hospitals_elsewhere]
"丙市" = ["丙大附院"]
"""


def write(library: Path, text: str) -> Path:
    folder = library / "jiazhou"
    folder.mkdir(parents=True)
    (folder / "region.toml").write_text(text, encoding="utf-8")
    return library


def test_the_four_regions() -> None:
    assert [region.id for region in load_regions()] == ["changzhou", "wuxi", "xinyu", "zhenjiang"]


def test_every_folder_of_documents_is_a_region() -> None:
    assert {document.region for document in load()} == {region.id for region in load_regions()}


def test_each_hotline_stands_in_its_clause() -> None:
    clauses = {clause.id: clause for document in load() for clause in document.clauses}
    for region in load_regions():
        assert region.cite in clauses
        assert region.hotline in clauses[region.cite].text


@pytest.mark.parametrize("key", ["separate", "hospitals"])
def test_each_name_stands_in_a_document(key: str) -> None:
    library = "\n".join(clause.text for document in load() for clause in document.clauses)
    shorts = {"三五九医院", "359医院", "江大附院"}
    for region in load_regions():
        for name in set(getattr(region, key)) - shorts:
            assert name in library


def test_a_region_is_added_by_its_folder_alone(tmp_path: Path) -> None:
    (region,) = load_regions(write(tmp_path, GOOD))
    assert region.id == "jiazhou"
    assert region.separate == ("乙县",)
    assert region.hospitals_elsewhere == {"丙市": ("丙大附院",)}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('name = "甲州"', "", "lacks name"),
        ('name = "甲州"', 'name = ""', "name must not be empty"),
        ('adcode = "9901"', 'adcode = "苏B"', "digits"),
        ('adcode = "9901"', "adcode = 9901", "adcode is a text"),
        ('also = ["州城"]', 'also = "州城"', "also is a list"),
        ('also = ["州城"]', 'alias = ["州城"]', "unknown alias"),
        ('"丙市" = ["丙大附院"]', '"丙市" = "丙大附院"', "hospitals_elsewhere.丙市 is a list"),
        ('name = "甲州"', "name = 甲州", "not TOML"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(RegionError, match=complaint) as error:
        load_regions(write(tmp_path, GOOD.replace(old, new)))
    assert "jiazhou/region.toml" in str(error.value)
