"""An operator's file as Markdown: txt, md, html, docx, pdf, xlsx; offline, no plugins."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus.spreadsheet import sheets_as_markdown

LIMIT = 20 * 2**20
"""Bytes of a file."""

_UNPACKED_LIMIT = 10 * LIMIT
"""Bytes of what a docx or xlsx unpacks to."""

_FEWEST = 10
"""Letters and digits below which a file counts as one without text."""

_PDF, _ZIP, _OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_READABLE = re.compile(r"[\t\n\r\x20-\x7e　-〿一-鿿＀-￯‐-⁞①-⑿·×°€¥％ⅠⅡⅢⅣⅤ√→]")
_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_OPEN_END = re.compile(r"[^。！？；：:.!?;|]$")


class ConversionError(ValueError):
    """A file can't be taken in; the message tells the operator why and what to do."""


def to_markdown(file: Path) -> str:
    """Convert a file.

    Raises:
        ConversionError: missing, empty, too large, of another kind, encrypted, damaged, no text.
    """
    suffix = file.suffix.lower()
    convert = _CONVERTERS.get(suffix)
    if convert is None:
        known = ", ".join(_CONVERTERS)
        old = (
            " Save it as .docx or .xlsx first." if suffix in (".doc", ".xls", ".wps", ".et") else ""
        )
        raise ConversionError(f"{file.name}: '{suffix}' files can't be read, only {known}.{old}")
    text = convert(_read(file), file.name)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|[\x00\f]", "", text).replace("\r\n", "\n")
    if len(re.findall(r"\w", text)) < _FEWEST:
        raise ConversionError(f"{file.name}: no text in it. If it is a scan, run OCR first.")
    return text


def _read(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > LIMIT:
            raise ConversionError(
                f"{file.name}: {size / 2**20:.0f} MB; at most {LIMIT // 2**20} MB. Split it."
            )
        data = file.read_bytes()
    except OSError as error:
        raise ConversionError(f"{file.name}: can't be opened ({error.strerror}).") from error
    if not data.strip():
        raise ConversionError(f"{file.name}: the file is empty.")
    return data


def _plain(data: bytes, name: str) -> str:
    for signature, kind in ((_PDF, "PDF"), (_ZIP, "docx or xlsx"), (_OLE, "old Word or Excel")):
        if data.startswith(signature):
            raise ConversionError(
                f"{name}: this is a {kind} file with another file name extension."
            )
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(_READABLE.findall(text)) >= 0.9 * len(text):
            return text
    raise ConversionError(f"{name}: no text in a known encoding (UTF-8, GB18030, UTF-16).")


def _encodings(data: bytes) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    yield "utf-8-sig"
    if b"\x00" in data:
        yield "utf-16-le"
        yield "utf-16-be"
    yield "gb18030"


def _html(data: bytes, name: str) -> str:
    declared = _META_CHARSET.search(data[:4096])
    try:
        text = data.decode(declared[1].decode()) if declared else _plain(data, name)
    except (LookupError, UnicodeDecodeError):
        text = _plain(data, name)
    return _markitdown(text.encode(), ".html", name)


def _docx(data: bytes, name: str) -> str:
    _check_package(data, name, "word/")
    return _markitdown(data, ".docx", name)


def _xlsx(data: bytes, name: str) -> str:
    _check_package(data, name, "xl/")
    try:
        return sheets_as_markdown(io.BytesIO(data))
    except Exception as error:  # openpyxl's own many, by what is damaged
        raise ConversionError(f"{name}: damaged, it can't be read.") from error


def _pdf(data: bytes, name: str) -> str:
    if not data.startswith(_PDF):
        raise ConversionError(f"{name}: this is not a PDF file.")
    if b"%%EOF" not in data[-2048:]:
        raise ConversionError(f"{name}: damaged, its end is missing.")
    text = _markitdown(data, ".pdf", name)
    if text.count("(cid:") > len(text) / 100:
        raise ConversionError(f"{name}: its fonts don't tell their characters. Run OCR first.")
    return _without_line_ends(text)


def _check_package(data: bytes, name: str, content: str) -> None:
    if data.startswith(_OLE):
        raise ConversionError(
            f"{name}: encrypted, or saved by an old Office. Save it as {Path(name).suffix} "
            "without a password."
        )
    try:
        files = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise ConversionError(f"{name}: damaged, or not a {Path(name).suffix} file.") from error
    if not any(file.filename.startswith(content) for file in files):
        raise ConversionError(f"{name}: not a {Path(name).suffix} file inside.")
    if sum(file.file_size for file in files) > _UNPACKED_LIMIT:
        raise ConversionError(f"{name}: unpacks to more than {_UNPACKED_LIMIT // 2**20} MB.")


def _markitdown(data: bytes, suffix: str, name: str) -> str:
    # Its converters by themselves: the whole of it tries others where one fails, and would take
    # a damaged PDF for plain text.
    from markitdown import StreamInfo, converters

    chosen = {
        ".html": converters.HtmlConverter,
        ".docx": converters.DocxConverter,
        ".pdf": converters.PdfConverter,
    }
    info = StreamInfo(extension=suffix, charset="utf-8")
    try:
        return str(chosen[suffix]().convert(io.BytesIO(data), info).markdown)
    except Exception as error:  # the libraries' own many, by what is damaged
        if "Password" in repr(error):
            raise ConversionError(f"{name}: encrypted. Save it without a password.") from error
        raise ConversionError(f"{name}: damaged, it can't be read.") from error


def _without_line_ends(text: str) -> str:
    """Join what a page's width has cut: lines almost as long as the longest, with an open end.

    Empty lines say nothing in a PDF: wide spacing looks the same.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    width = max((len(line) for line in lines if not line.startswith("|")), default=0)
    joined = ""
    for line in lines:
        if line.startswith("|"):
            joined += line + "\n"
        elif len(line) > 0.8 * width and _OPEN_END.search(line):
            joined += line
        else:
            joined += line + "\n\n"
    return joined


_CONVERTERS: dict[str, Callable[[bytes, str], str]] = {
    ".txt": _plain,
    ".md": _plain,
    ".html": _html,
    ".htm": _html,
    ".docx": _docx,
    ".pdf": _pdf,
    ".xlsx": _xlsx,
}
