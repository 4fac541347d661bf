"""Taking over serials that others issued: judged row by row, the same table twice changes nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import UtcDateTime
from catalog import sheet
from catalog.models import Producer, Product, Sku
from traceability import gs1, serials
from traceability.foreign_models import ForeignSerial
from traceability.models import Lot

NEEDED = ("serial",)
COLUMNS = (*NEEDED, "lot")
# AI 21: 1 to 20 characters of set 82 (GS1 General Specifications).
_SERIAL = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}""")


class RowResult(LabelledEnum):
    """What becomes of a row."""

    TAKEN = "taken", N_("Taken over")
    KNOWN = "known", N_("Known already")
    BAD_SERIAL = "bad_serial", N_("Not a serial: 1 to 20 letters, digits and signs")
    OURS = "ours", N_("Looks like a serial of ours")
    UNKNOWN_LOT = "unknown_lot", N_("The article has no such lot")


@dataclass(frozen=True)
class Judged:
    """A row by its number in the table."""

    number: int
    serial: str
    lot: str
    result: RowResult


def read(content: bytes) -> list[tuple[str, str]]:
    """Serial and lot of each row. Raises what `sheet.read` raises."""
    return [(row["serial"], row.get("lot", "")) for row in sheet.read(content, NEEDED)]


def take(
    session: Session,
    sku: Sku,
    source: str,
    rows: Sequence[tuple[str, str]],
    *,
    now: datetime,
    actor_id: UUID | None,
) -> list[Judged]:
    """Keep the serials of one article that are good; every row gets its answer."""
    lots = {lot.code: lot for lot in session.scalars(select(Lot).filter_by(sku_id=sku.id))}
    judged = [
        Judged(number, serial, lot, _take(session, sku, source, serial, lot, lots, now, actor_id))
        for number, (serial, lot) in enumerate(rows, start=2)
    ]
    taken = sum(row.result is RowResult.TAKEN for row in judged)
    if taken:
        detail = {"source": source, "taken": taken}
        obj = ("sku", sku.id)
        audit.record(session, "serials.import", obj, actor_id=actor_id, now=now, detail=detail)
    return judged


def _take(
    session: Session,
    sku: Sku,
    source: str,
    serial: str,
    lot: str,
    lots: dict[str, Lot],
    now: datetime,
    actor_id: UUID | None,
) -> RowResult:
    if not _SERIAL.fullmatch(serial):
        return RowResult.BAD_SERIAL
    if serials.parse_typed(serial) is not None:
        return RowResult.OURS
    if lot and lot.upper() not in lots:
        return RowResult.UNKNOWN_LOT
    values = {
        "sku_id": sku.id,
        "serial": serial,
        "lot_id": lots[lot.upper()].id if lot else None,
        "source": source,
        "imported_at": now,
        "imported_by": actor_id,
    }
    new = insert_if_new(session, ForeignSerial, values)
    return RowResult.TAKEN if new else RowResult.KNOWN


def find(session: Session, serial: str, gtin: str | None) -> ForeignSerial | None:
    """The code of another system, exactly as it is written, for the GTIN (14 digits) if one is named.

    Without a GTIN a serial that several articles bear names none of them.
    """
    product = joinedload(ForeignSerial.sku).joinedload(Sku.product)
    query = (
        select(ForeignSerial)
        .where(ForeignSerial.serial == serial)
        .options(
            product.joinedload(Product.producer).joinedload(Producer.area),
            joinedload(ForeignSerial.lot),
        )
        .limit(2)
        .execution_options(populate_existing=True)
    )
    if gtin is not None:
        query = query.join(Sku, Sku.id == ForeignSerial.sku_id).where(Sku.gtin == _gtin13(gtin))
    found = session.scalars(query).all()
    return found[0] if len(found) == 1 else None


def _gtin13(gtin: str) -> str:
    return gtin[1:] if gtin.startswith("0") and gs1.is_gtin(gtin) else gtin


def count(session: Session, code: ForeignSerial, now: datetime) -> tuple[int, datetime | None]:
    """Note a scan; how many there were with it, and when the first was."""
    step = (
        update(ForeignSerial)
        .where(ForeignSerial.id == code.id)
        .values(
            scan_count=ForeignSerial.scan_count + 1,
            first_scan_at=func.coalesce(ForeignSerial.first_scan_at, literal(now, UtcDateTime())),
            last_scan_at=now,
        )
        .returning(ForeignSerial.scan_count, ForeignSerial.first_scan_at)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(step).one()
    return int(row[0]), row[1]
