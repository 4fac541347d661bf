"""Stamps for the printer: the file of one print, made from values alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from traceability import pins
from traceability.base32 import Characters
from traceability.print_models import PrintKind
from traceability.printing import lists, sheets
from traceability.printing.furniture import Words
from traceability.printing.layouts import Layout
from traceability.printing.sheets import Watch
from traceability.serials import SerialCipher

TOGETHER = 16_384


@dataclass(frozen=True)
class Order:
    """Stamps to print: `first` counts from 0, `head` is their address up to the serial."""

    kind: PrintKind
    layout: Layout
    head: str
    identity: str
    ref: str
    first: int
    count: int
    key: bytes
    pin_key: bytes | None
    words: Words
    paths: bool = False

    def cipher(self) -> SerialCipher:
        """The serials of the batch."""
        return SerialCipher(self.key, self.identity, self.ref)

    def pins(self, first: int, count: int) -> Characters:
        """The codes to scratch free, for a batch that has them."""
        if self.pin_key is None:
            raise LookupError("the stamps have no code to scratch free")
        return pins.rows(self.pin_key, self.ref, first, count)


def write(out: BinaryIO, order: Order, *, font_dir: Path, watch: Watch, threads: int = 0) -> None:
    """Write the file to `out`, which is open for reading and writing.

    A PDF goes on where an earlier print of the same order was cut off; a list begins anew. Raises
    what `sheets.write` raises.
    """
    if order.kind is PrintKind.PDF:
        job = _print(order)
        sheets.write(out, job, font_dir=font_dir, watch=watch, resume=True, threads=threads)
        return
    out.truncate()
    counted, has_pins = _watched(rows(order), watch), order.pin_key is not None
    if order.kind is PrintKind.XLSX:
        lists.write_xlsx(out, counted, pins=has_pins)
        return
    text = TextIOWrapper(out, encoding="ascii", newline="")
    text.writelines(lists.csv_lines(counted, pins=has_pins))
    text.detach()


def _print(order: Order) -> sheets.Print:
    return sheets.Print(
        layout=order.layout,
        head=order.head,
        ref=order.ref,
        first=order.first,
        count=order.count,
        bodies=order.cipher().bodies,
        words=order.words,
        pins=order.pins if order.layout.pin else None,
        paths=order.paths,
    )


def rows(order: Order) -> Iterator[lists.Row]:
    """Number (from 1), serial, address, and the code to scratch free if the batch has them."""
    cipher, end = order.cipher(), order.first + order.count
    for start in range(order.first, end, TOGETHER):
        count = min(TOGETHER, end - start)
        codes = _texts(order.pins(start, count)) if order.pin_key is not None else None
        for at, serial in enumerate(cipher.serials(start, count)):
            row = (start + at + 1, serial, order.head + serial)
            yield row if codes is None else (*row, codes[at])


def _texts(codes: Characters) -> list[str]:
    text = codes.tobytes().decode("ascii")
    return [text[at : at + pins.LENGTH] for at in range(0, len(text), pins.LENGTH)]


def _watched(found: Iterator[lists.Row], watch: Watch) -> Iterator[lists.Row]:
    done = 0
    for done, row in enumerate(found, start=1):
        yield row
        if done % TOGETHER == 0 and not watch(done):
            raise sheets.Stopped
    watch(done)
