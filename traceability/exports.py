"""Stamps for the printer: PDF sheets, and lists of serials and addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import Rejected
from app.core.text import N_
from traceability import stamps
from traceability.issued import Keys
from traceability.models import StampBatch
from traceability.printing.sheets import SheetTitle, SheetWords, Stamp, write_sheet

MOST_PER_FILE = 2_000


class TooManyForOneFile(Rejected):
    """A file holds at most 2,000 stamps."""

    code = "too_many_for_one_file"
    message = N_("One file holds at most %(most)s stamps; make several.")


@dataclass(frozen=True)
class Run:
    """Stamps to print: `first` counts from 0."""

    batch: StampBatch
    first: int
    count: int
    base_url: str
    keys: Keys

    def urls(self) -> Iterator[tuple[str, str]]:
        """(address, serial) of each. Raises what `stamps.stamp_urls` raises."""
        return stamps.stamp_urls(self.base_url, self.batch, self.first, self.count, self.keys)


def sheet(
    run: Run, *, words: SheetWords, stars_text: str, printed_on: date, font_dir: Path
) -> BytesIO:
    """A PDF of the stamps, at its beginning. Raises `TooManyForOneFile` and as `Run.urls`."""
    if run.count > MOST_PER_FILE:
        raise TooManyForOneFile(most=MOST_PER_FILE)
    batch, urls = run.batch, run.urls()
    name = batch.sku.product.name_vi
    title = SheetTitle(
        product=f"{name} · {batch.sku.name_vi}",
        batch_ref=batch.ref,
        first=run.first + 1,
        last=run.first + run.count,
        printed_on=printed_on,
        lot=batch.lot.code,
        words=words,
    )
    out = BytesIO()
    cells = (Stamp(url, serial, name, stars_text) for url, serial in urls)
    write_sheet(out, cells, title=title, font_dir=font_dir)
    out.seek(0)
    return out


def csv_lines(run: Run) -> Iterator[str]:
    """Number (from 1), serial and address of each stamp. Raises as `Run.urls`, before the first."""
    urls = run.urls()
    return _lines(run.first, urls)


def _lines(first: int, urls: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield "number,serial,url\r\n"
    for number, (url, serial) in enumerate(urls, start=first + 1):
        yield f"{number},{serial},{url}\r\n"


def note(session: Session, run: Run, kind: str, *, now: datetime, actor_id: UUID | None) -> None:
    """Keep who took serials out of the house: whoever has the file can print stamps."""
    detail = {"ref": run.batch.ref, "first": run.first, "count": run.count, "file": kind}
    obj = ("stamp_batch", run.batch.id)
    audit.record(session, "stamps.export", obj, actor_id=actor_id, now=now, detail=detail)
