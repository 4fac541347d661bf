"""Results as tables that read well on a terminal and in Markdown, and the machine they come from."""

import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path

import sqlalchemy


@dataclass(frozen=True)
class Table:
    """One benchmark: what was measured, how, and the figures."""

    title: str
    note: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [_line(self.head, widths), _line(["-" * width for width in widths], widths)]
        lines += [_line(row, widths) for row in self.rows]
        return "\n".join([f"## {self.title}", "", self.note, "", *lines, ""])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return f"| {' | '.join(padded)} |"


def machine(postgresql: str) -> Table:
    """What the figures depend on besides the code."""
    rows = [
        ("Processor", f"{_processor()}, {cpu_count()} cores"),
        ("System", platform.system()),
        ("Python", platform.python_version()),
        ("SQLAlchemy", sqlalchemy.__version__),
        ("SQLite", f"{sqlite3.sqlite_version}, WAL, synchronous NORMAL"),
        ("PostgreSQL", f"{postgresql}, fsync off"),
    ]
    return Table("Machine", "The databases run on the same machine.", ("What", "Which"), rows)


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown")
