"""Measurements: tables for people, JSON for machines."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Family:
    """A table: rows with the same columns, the first of which is "", and what is expected of them."""

    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, row: dict[str, Any]) -> None:
        """Add a row, and let whoever waits see that it goes on."""
        self.rows.append(row)
        print(
            f"... {self.title}: {', '.join(f'{name} {value}'.strip() for name, value in row.items())}",
            file=sys.stderr,
        )

    def verdict(self, words: str, met: bool) -> None:
        """Add what was expected and whether it came so."""
        self.verdicts.append((words, met))

    def rendered(self) -> str:
        """Return the table as lines."""
        columns = list(self.rows[0])
        widths = {name: max(len(name), *(len(str(row[name])) for row in self.rows)) for name in columns}
        lines = [self.title]
        for row in [dict(zip(columns, columns, strict=True)), *self.rows]:
            cells = [
                f"{row[name]!s:<{widths[name]}}" if not name else f"{row[name]!s:>{widths[name]}}"
                for name in columns
            ]
            lines.append("  " + "  ".join(cells))
        lines += [f"  {'ok    ' if met else 'MISSED'} {words}" for words, met in self.verdicts]
        return "\n".join(lines)


def write(families: Sequence[Family], out: Path) -> None:
    """Write the tables as JSON, with what ran them."""
    data = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "families": [asdict(family) for family in families],
    }
    out.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
