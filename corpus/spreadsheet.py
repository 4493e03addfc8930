"""A workbook as Markdown tables, its figures as a reader of the sheet sees them.

Converters on pandas, markitdown's among them, give 90% as 0.9 and 750 as 750.0, and leave all but
one of merged cells empty; a policy's figures may not change on the way.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import IO, Any

import openpyxl


def sheets_as_markdown(file: IO[bytes]) -> str:
    """Each sheet with content: its name as a heading, its cells as a table.

    Raises:
        Exception: openpyxl's own, where the file is damaged.
    """
    book = openpyxl.load_workbook(file, data_only=True)
    return "\n\n".join(filter(None, map(_sheet, book.worksheets)))


def _sheet(sheet: Any) -> str:
    for merged in list(sheet.merged_cells.ranges):
        first = sheet.cell(merged.min_row, merged.min_col)
        sheet.unmerge_cells(str(merged))
        for row in sheet[merged.coord]:
            for cell in row:
                cell.value, cell.number_format = first.value, first.number_format
    rows = [[_shown(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()]
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    used = [n for n in range(len(rows[0])) if any(row[n] for row in rows)]
    lines = ["| " + " | ".join(row[n] for n in used) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(used))
    return f"## {sheet.title}\n\n" + "\n".join(lines)


def _shown(value: object, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "%" in number_format:
            return f"{value * 100:.6g}%"
        return f"{value:.15g}"
    return str(value).replace("|", "／").replace("\n", " ").strip()
