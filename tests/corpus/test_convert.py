"""Files as operators have them: what is read of each, and what is said of those that can't be."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from corpus.convert import LIMIT, ConversionError, to_markdown
from tests.corpus.samples import write_docx, write_pdf

NOTICE = "南通市职工医保通知：三级医院住院起付线 900 元，二级医院 600 元。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".TXT"])
def test_text_in_every_usual_encoding(tmp_path: Path, encoding: str, suffix: str) -> None:
    file = tmp_path / f"通知{suffix}"
    file.write_bytes(f"{NOTICE}\r\n第二行\r\n".encode(encoding))
    assert to_markdown(file) == f"{NOTICE}\n第二行\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gb18030"])
@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "nonsense", None])
def test_html_even_with_a_wrong_charset(
    tmp_path: Path, encoding: str, declared: str | None
) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    page = (
        f"<html><head>{meta if declared else ''}<script>evil()</script></head>"
        f"<body><h2>住院</h2><p>{NOTICE}</p><img src='data:image/png;base64,AAAA'>"
        "<table><tr><th>级别</th><th>起付线</th></tr><tr><td>三级</td><td>900</td></tr></table>"
    )
    file = tmp_path / "page.html"
    file.write_bytes(page.encode(encoding))
    text = to_markdown(file)
    assert "## 住院" in text
    assert NOTICE in text
    assert "| 三级 | 900 |" in text
    assert "evil" not in text
    assert "base64" not in text


def test_word(tmp_path: Path) -> None:
    file = tmp_path / "notice.docx"
    write_docx(file, ("Heading1", "住院待遇"), ("", NOTICE), ("Heading2", "报销比例"), ("", "85%"))
    assert to_markdown(file).split("\n\n") == ["# 住院待遇", NOTICE, "## 报销比例", "85%"]


def test_pdf_lines_cut_by_the_page_are_joined(tmp_path: Path) -> None:
    file = tmp_path / "notice.pdf"
    write_pdf(
        file, "在职职工在三级医院住院的起付线为每", "次九百元，退休人员减半执行。", "报销比例"
    )
    assert "每次九百元，退休人员减半执行。\n" in to_markdown(file)


def test_a_workbook_keeps_its_figures_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.title = "住院"
    for row in [
        ["级别", "起付线", "比例"],
        ["一级", 300, 0.9],
        ["二级", None, 0.855],
        [],
        ["三级", 1200.5],
    ]:
        sheet.append(row)
    for row in (2, 3):
        sheet.cell(row, 3).number_format = "0.0%"
    sheet.merge_cells("B2:B3")
    book.create_sheet("空")
    book.save(tmp_path / "rates.xlsx")
    assert to_markdown(tmp_path / "rates.xlsx").splitlines() == [
        "## 住院",
        "",
        "| 级别 | 起付线 | 比例 |",
        "|---|---|---|",
        "| 一级 | 300 | 90% |",
        "| 二级 | 300 | 85.5% |",
        "| 三级 | 1200.5 |  |",
    ]


def complaint(file: Path) -> str:
    with pytest.raises(ConversionError) as raised:
        to_markdown(file)
    return str(raised.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.txt", None, "can't be opened"),
        ("empty.txt", b"", "empty"),
        ("blank.md", b" \n\t\n", "empty"),
        ("empty.pdf", b"", "empty"),
        ("notice.doc", b"\xd0\xcf\x11\xe0....", "Save it as .docx"),
        ("notice.exe", b"MZ", "can't be read, only .txt"),
        ("notice", b"text", "can't be read, only .txt"),
        ("locked.docx", b"\xd0\xcf\x11\xe0....", "encrypted"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0....", "encrypted"),
        ("cut.docx", b"PK\x03\x04rubbish", "damaged"),
        ("cut.xlsx", b"PK\x03\x04rubbish", "damaged"),
        ("cut.pdf", b"%PDF-1.4\nrubbish", "damaged"),
        ("broken.pdf", b"%PDF-1.4\nrubbish\n%%EOF", "damaged|no text"),
        ("text.pdf", NOTICE.encode(), "not a PDF"),
        ("pdf.txt", b"%PDF-1.4\n%%EOF", "this is a PDF file"),
        ("word.md", b"PK\x03\x04....", "this is a docx or xlsx file"),
        ("bytes.txt", bytes(range(256)) * 8, "known encoding"),
        ("dashes.txt", b"-----------------", "no text"),
    ],
)
def test_what_is_said_of_a_file_that_cannot_be_read(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    message = complaint(file)
    assert any(part in message for part in said.split("|")), message
    assert name in message


def test_a_scan_is_told(tmp_path: Path) -> None:
    write_pdf(tmp_path / "scan.pdf")
    assert "run OCR first" in complaint(tmp_path / "scan.pdf")


def test_an_encrypted_pdf_is_told(tmp_path: Path) -> None:
    write_pdf(tmp_path / "locked.pdf", NOTICE, encrypted=True)
    assert "without a password" in complaint(tmp_path / "locked.pdf")


def test_another_package_under_a_known_extension_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.docx", "w") as package:
        package.writestr("photo.txt", "x")
    assert "not a .docx file inside" in complaint(tmp_path / "photos.docx")


def test_a_file_of_100_mb_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(100 * 2**20)
    assert "100 MB; at most 20 MB" in complaint(tmp_path / "big.txt")


def test_a_package_that_unpacks_to_more_than_it_may_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(10 * LIMIT + 1))
    assert (tmp_path / "bomb.docx").stat().st_size < LIMIT
    assert "unpacks to more than" in complaint(tmp_path / "bomb.docx")


@pytest.mark.parametrize("name", ["folder.txt", "folder.docx"])
def test_a_folder_is_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert "can't be opened" in complaint(tmp_path / name)
