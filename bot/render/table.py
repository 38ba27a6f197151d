"""Tables as CSV files that any spreadsheet opens (pure)."""

import csv
import io
from collections.abc import Iterable, Sequence

_BOM = "\ufeff"  # without it, spreadsheets take UTF-8 for something else
# A cell that begins so is taken for a formula; the wide forms are, in some languages, too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV: UTF-8 with a byte order mark, its lines ended by CR LF.

    No text is taken for a formula; numbers stay numbers, None is empty.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([_cell(value) for value in header])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return (_BOM + file.getvalue()).encode()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
