"""Small documents and files for the tests of the index and of what operators add."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

DEDUCTIBLE = """\
在二级医院住院，起付线是 720 元。

| 医院级别 | 起付线 |
|---|---|
| 一级医院 | 310 元 |
| 三级医院 | 1130 元 |
"""
HOSPITALS = """\
下面这些医院开通了门诊刷卡：

- 崇川人民医院
- 海门口腔医院
"""


def write_document(
    library: Path,
    name: str,
    clauses: Mapping[str, str],
    *,
    insurance: str = "both",
    asks: Mapping[str, str] | None = None,
) -> Path:
    """Write ``<region>/<stem>`` with clauses, heading to text; anchors are c1, c2, …."""
    region = name.split("/")[0]
    lines = [
        "---",
        f"title: {name}的医保",
        f"region: {region}",
        f"insurance: {insurance}",
        "source: 000.txt",
        "section: 一",
        "issuer: 医保办",
        "as_of: 2024-05",
        "hotline: unknown",
        "---",
    ]
    for number, (heading, text) in enumerate(clauses.items(), start=1):
        lines += ["", f"## {heading} {{#c{number}}}", "", f"> 来源：{heading}"]
        if asks and heading in asks:
            lines.append(f"> 常问：{asks[heading]}")
        lines += ["", text]
    path = library / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_library(library: Path) -> Path:
    """Two regions: inpatient care by insurance, hospitals, and a neighbour's own rule."""
    write_document(
        library,
        "nantong/employee",
        {"住院起付线": DEDUCTIBLE, "门诊统筹一年最多多少": "在职职工一年最多 4100 元。"},
        insurance="employee",
        asks={"住院起付线": "住院门槛费要交多少 / 起伏线是多少钱"},
    )
    write_document(
        library,
        "nantong/resident",
        {"住院起付线": "居民在二级医院住院，起付线是 530 元。"},
        insurance="resident",
    )
    write_document(library, "nantong/hospitals", {"哪些医院能刷门诊": HOSPITALS})
    write_document(library, "taizhou/both", {"住院起付线": "二级医院的起付线是 640 元。"})
    return library


def write_docx(path: Path, *paragraphs: tuple[str, str]) -> None:
    """A Word file of (style, text); a style is ``Heading1`` and the like, or empty."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org"
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}">'
        f'<w:name w:val="heading {n}"/></w:style>'
        for n in (1, 2)
    )
    part = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{office}/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{part}.document.main+xml"/>'
            f'<Override PartName="/word/styles.xml" ContentType="{part}.styles+xml"/></Types>',
        )
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{office}/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{office}/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
        )
        package.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{office}/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{office}/officeDocument/2006/relationships/styles" '
            'Target="styles.xml"/></Relationships>',
        )
        package.writestr("word/styles.xml", f'<w:styles xmlns:w="{word}">{styles}</w:styles>')
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>',
        )


def write_pdf(path: Path, *lines: str, encrypted: bool = False) -> None:
    """A one-page PDF in a font that every reader has for Chinese; without lines, a scan."""
    shown = "".join(
        f"BT /F1 12 Tf 50 {780 - 20 * n} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"
        for n, line in enumerate(lines)
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>\nstream\n{shown}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        "/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 7 0 R"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 0>>>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]"
        "/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
    ]
    locked = ""
    if encrypted:
        objects.append(f"<</Filter/Standard/V 1/R 2/O<{'11' * 32}>/U<{'22' * 32}>/P -4>>")
        locked = f"/Encrypt {len(objects)} 0 R/ID[<00><00>]"
    text = "%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    text += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer<</Size {len(objects) + 1}/Root 1 0 R{locked}>>\n"
        f"startxref\n{text.index('xref') if 'xref' in text else len(text)}\n%%EOF"
    )
    path.write_text(text, encoding="ascii")


BUILDER = """\
import sys, time
from pathlib import Path
from corpus.embedding import NanoEngine
from corpus.index import Library

class Slow(NanoEngine):
    def passages(self, texts):
        print("embedding", flush=True)
        time.sleep(float(sys.argv[3]))
        return super().passages(texts)

index = Library(Path(sys.argv[1]), documents=Path(sys.argv[2])).open(Slow())
print("built", index.generation, flush=True)
"""
"""A process that builds: data folder, documents, seconds that embedding a batch takes longer."""


def builder(data: Path, documents: Path, seconds: float = 0.0) -> list[str]:
    """The command of such a process."""
    return [sys.executable, "-c", BUILDER, str(data), str(documents), str(seconds)]
