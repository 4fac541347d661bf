"""A bank statement as a table: each row is judged by itself; the same table twice changes nothing."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Json
from catalog import sheet
from catalog.sheet import ColumnsMissing, Row
from pos.sales import bank_entries
from pos.sales.bank_lines import Line, local_time
from pos.sales.gateways.base import BadNotice
from pos.sales.payment_status import EntryStatus

SOURCE = "statement"
# What a column may be called, small letters; the first name is ours.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ngay": ("ngay", "ngày", "ngày giao dịch", "ngày gd", "date", "transaction date"),
    "so_tien": ("so_tien", "số tiền", "ghi có", "phát sinh có", "có", "credit", "amount"),
    "noi_dung": ("noi_dung", "nội dung", "diễn giải", "mô tả", "description", "details"),
    "ma_giao_dich": ("ma_giao_dich", "mã giao dịch", "số bút toán", "số ct", "reference"),
}
NEEDED = ("ngay", "so_tien", "noi_dung")


class RowVerdict(LabelledEnum):
    """What became of a row."""

    MATCHED = "matched", N_("Matched")
    MISMATCHED = "mismatched", N_("Another amount")
    OPEN = "open", N_("To be looked at")
    ASIDE = "aside", N_("Put aside")
    KNOWN = "known", N_("Known already")
    OUT = "out", N_("Not money that came in")
    REFUSED = "refused", N_("Refused")


_VERDICTS = {
    EntryStatus.MATCHED: RowVerdict.MATCHED,
    EntryStatus.MISMATCHED: RowVerdict.MISMATCHED,
    EntryStatus.NEW: RowVerdict.OPEN,
    EntryStatus.IGNORED: RowVerdict.ASIDE,
}


@dataclass(frozen=True)
class Judged:
    """A row by its number in the table; `why` is a msgid."""

    number: int
    day: str
    amount: str
    text: str
    verdict: str
    why: str | None = None


def read(content: bytes) -> list[Row]:
    """The rows with our names of the columns. Raises what `sheet.read` raises."""
    rows = sheet.read(content, ())
    names = {alias: ours for ours, aliases in COLUMNS.items() for alias in aliases}
    found = [{names[key]: cell for key, cell in row.items() if key in names} for row in rows]
    present = {key for row in found for key in row}
    missing = [name for name in NEEDED if name not in present]
    if missing:
        raise ColumnsMissing(missing=", ".join(missing), detail=missing)
    return found


def take(session: Session, rows: Sequence[Row], *, now: datetime) -> list[Judged]:
    """Take over the money that came in, row by row. Flushes."""
    seen: Counter[str] = Counter()
    return [_row(session, number, row, seen, now) for number, row in enumerate(rows, 2)]


def _row(session: Session, number: int, row: Row, seen: Counter[str], now: datetime) -> Judged:
    shown = row.get("ngay", ""), row.get("so_tien", ""), row.get("noi_dung", "")
    amount = _amount(shown[1])
    if amount is None:
        return Judged(
            number, *shown, RowVerdict.REFUSED.value, N_("The amount is no whole number.")
        )
    if amount <= 0:
        return Judged(number, *shown, RowVerdict.OUT.value)
    try:
        at = local_time(shown[0])
    except BadNotice:
        return Judged(number, *shown, RowVerdict.REFUSED.value, N_("The day cannot be read."))
    ref = row.get("ma_giao_dich") or None
    line = Line(ref or _fingerprint(shown, seen), amount, shown[2], at, None, ref)
    entry = bank_entries.take(session, SOURCE, line, now=now)
    verdict = _VERDICTS[entry.status] if entry else RowVerdict.KNOWN
    return Judged(number, *shown, verdict.value, entry.reason if entry else None)


def _fingerprint(shown: tuple[str, str, str], seen: Counter[str]) -> str:
    """A number for a row without one; equal rows of a table are told apart by their order."""
    text = "\n".join(shown)
    seen[text] += 1
    return hashlib.sha256(f"{text}\n{seen[text]}".encode()).hexdigest()[:32]


def _amount(text: str) -> int | None:
    """A whole number of đồng as banks write it: 1.500.000, 1,500,000.00 or +1500000; empty is 0."""
    bare = re.sub(r"(?i)\s|vnd|đ|₫", "", text)
    bare = re.sub(r"[.,]00?$", "", bare)
    bare = re.sub(r"[.,](?=\d{3}(\D|$))", "", bare)
    if not bare:
        return 0
    return int(bare) if re.fullmatch(r"[+-]?\d{1,12}", bare, re.ASCII) else None


def as_json(judged: Sequence[Judged]) -> Json:
    """To be kept as the answer of the act."""
    return {"rows": [asdict(row) for row in judged]}


def from_json(result: Json) -> list[Judged]:
    """What `as_json` kept."""
    return [Judged(**row) for row in result["rows"]]
