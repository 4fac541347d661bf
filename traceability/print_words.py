"""What stands on printed sheets in words. Stamps are printed in Vietnamese, whoever prints them."""

from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.templating import day as shown_day
from catalog import recognitions
from traceability.models import StampBatch
from traceability.print_models import PrintRun
from traceability.printing.fitting import choose
from traceability.printing.furniture import Cover, Header, Note, Words
from traceability.printing.layouts import Layout

LANGUAGE = "vi"


def words(run: PrintRun, layout: Layout) -> Words:
    """All words of a print."""
    with force_locale(LANGUAGE):
        return _words(run, layout)


def _words(run: PrintRun, layout: Layout) -> Words:
    batch = run.batch
    product = f"{batch.sku.product.name_vi} · {batch.sku.name_vi}"
    return Words(
        title=f"{product} · {batch.ref} · {_numbers(run)}",
        header=_header(run, product),
        cover=_cover(run, layout, product),
        note=Note(
            batch.sku.product.name_vi,
            stars_text(batch, run.printed_on),
            _("Scratch gently") if layout.pin else "",
        ),
        language=LANGUAGE,
    )


def _numbers(run: PrintRun) -> str:
    return f"{run.first + 1}–{run.first + run.count}"


def _header(run: PrintRun, product: str) -> Header:
    facts = (
        f"{_('Lot')} {run.batch.lot.code}",
        f"{_('Stamp batch')} {run.batch.ref}",
        f"{_('Stamps')} {_numbers(run)}",
    )
    printed = f"{_('Printed on')} {shown_day(run.printed_on)}"
    return Header((product, " · ".join(facts)), _("Sheet"), printed)


def stars_text(batch: StampBatch, day: date) -> str:
    """Stars in force on the day and until when; nothing for others."""
    view = recognitions.view_of([batch.recognition], day)
    if view.shown_stars is None:
        return ""
    until = shown_day(view.valid_until)
    return str(_("OCOP %(n)s stars · until %(day)s", n=view.shown_stars, day=until))


def _cover(run: PrintRun, layout: Layout, product: str) -> Cover:
    steps = (
        _("Count the sheets and compare the numbers on them with those above."),
        _("Put the stamps only on goods of the lot named above, one on each pack."),
        _(
            "Sign in, open the stamp batch and activate the numbers that are on packs. A stamp that is "
            "not activated answers every scan with a warning."
        ),
        _("Declare lost or spoiled stamps void in the same place, by their numbers."),
        _("Keep what is left under lock and key. Whoever has a sheet can stick it on other goods."),
    )
    return Cover(
        _("Traceability stamps"), _facts(run, layout, product), _("How to put into use"), steps
    )


def _facts(run: PrintRun, layout: Layout, product: str) -> list[tuple[str, str]]:
    batch, fit = run.batch, choose(run.head, layout.symbol)
    producer = batch.sku.product.producer
    found = [
        (_("Product"), product),
        (_("Producer"), producer.name if producer else ""),
        (_("Lot"), batch.lot.code),
        (_("Stamp batch"), batch.ref),
        (_("Stamps"), _numbers(run)),
        (_("Number of stamps"), f"{run.count}"),
        (_("Sheets"), f"{layout.pages(run.count)}"),
        (_("Layout"), layout.name),
        (_("Symbol"), f"QR {fit.version}-{fit.level} · {fit.side:g} mm · {fit.module:.3f} mm"),
        (_("Address"), run.head),
        (_("Digest of all codes (SHA-256)"), batch.serials_digest or ""),
        (_("Printed on"), shown_day(run.printed_on)),
    ]
    return [(label, value) for label, value in found if value]
