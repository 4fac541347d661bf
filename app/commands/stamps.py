"""`stamps`: prints from the console, layouts, and the master keys of serials."""

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from app.core import clock
from app.core.db import reading, transaction
from app.core.errors import DomainError
from app.core.web import settings
from app.errands import print_shop
from traceability import key_backup, key_check, print_errands, print_layouts, prints
from traceability.exports import Order
from traceability.models import StampBatch
from traceability.print_models import PrintKind
from traceability.printing import layouts
from traceability.prints import Wish
from traceability.stamps import UnknownBatch


@contextmanager
def _refusal() -> Iterator[None]:
    """What is refused is one line for the operator, not a trace."""
    try:
        yield
    except (DomainError, ValueError, OSError) as error:
        sys.exit(f"phohien: {error}")


@click.group()
def stamps() -> None:
    """Stamps: prints, layouts, keys."""


@stamps.command("print")
@click.argument("batch")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--layout", default=layouts.DEFAULT, show_default=True)
@click.option("--kind", type=click.Choice([str(kind.value) for kind in PrintKind]), default="pdf")
@click.option("--first", default=1, show_default=True, help="Number of the first stamp.")
@click.option("--count", default=0, help="How many; all from the first on if left out.")
@click.option("--paths", is_flag=True, help="Draw symbols as paths instead of masks.")
@click.option("--threads", default=1, show_default=True, help="Helpers that compress pages.")
@with_appcontext
def print_batch(
    batch: str,
    out: Path,
    layout: str,
    kind: str,
    first: int,
    count: int,
    paths: bool,
    threads: int,
) -> None:
    """Make the file of the stamps of BATCH; the same command goes on with a print that was cut off."""
    with _refusal():
        order = _order(batch, layout, PrintKind.parse(kind), first - 1, count, paths=paths)
        part = out.with_name(out.name + ".part")
        with click.progressbar(length=order.count, label=out.name, file=sys.stderr) as bar:
            _make(part, order, bar, threads)
        part.replace(out)
    click.echo(f"{out}: {order.count} stamps, {out.stat().st_size} bytes")


def _make(
    part: Path, order: Order, bar: "click._termui_impl.ProgressBar[int]", threads: int
) -> None:
    def watch(done: int) -> bool:
        bar.update(done - bar.pos)
        return True

    shop = print_shop(current_app, threads=threads)
    print_errands.make_file(part, order, shop, watch)


def _order(ref: str, layout: str, kind: PrintKind, first: int, count: int, *, paths: bool) -> Order:
    """What the file is made from; that somebody made it is audited."""
    shop, now = print_shop(current_app), clock.now()
    with reading() as session:
        batch_id = session.scalar(select(StampBatch.id).where(StampBatch.ref == ref.upper()))
    if batch_id is None:
        raise UnknownBatch
    print_errands.ensure_digest(shop.keys, batch_id)
    with transaction() as session:
        batch = session.get_one(StampBatch, batch_id)
        chosen = print_layouts.find(session, layout)
        wish = Wish(kind, chosen, first, count or batch.size - first, paths)
        run = prints.by_hand(session, batch, wish, settings().base_url, now=now)
        return print_errands.order_of(run, shop)


@stamps.group("layouts")
def layouts_group() -> None:
    """How stamps lie on sheets and rolls."""


@layouts_group.command("list")
@with_appcontext
def list_layouts() -> None:
    """All layouts as data, a line each."""
    with reading() as session:
        for layout in print_layouts.everything(session).values():
            click.echo(json.dumps(layout.to_data()))


@layouts_group.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def add_layout(file: Path) -> None:
    """Keep the layout that stands in FILE as JSON, as `stamps layouts list` shows them."""
    with _refusal(), transaction() as session:
        data = json.loads(file.read_text(encoding="utf-8"))
        layout = print_layouts.add(session, data, now=clock.now(), actor_id=None)
    click.echo(f"{layout.name}: {layout.per_page} stamps on a page")


@stamps.group()
def keys() -> None:
    """Master keys of serials, one for each epoch; all of them are kept for ever."""


@keys.command()
@with_appcontext
def new() -> None:
    """Print PHOHIEN_STAMP_KEYS with a fresh key for the next epoch; new batches will use it."""
    known = dict(settings().stamp_keys)
    known[max(known) + 1] = key_backup.new_key(secrets.token_bytes)
    click.echo(key_backup.setting(known))
    click.echo("Back these keys up before the first batch is issued with them.", err=True)


@keys.command()
@click.option("--full", is_flag=True, help="Compute the digest of every batch anew.")
@with_appcontext
def check(full: bool) -> None:
    """Say which epochs are here, which batches need which, and whether they fit; exit 1 if not."""
    known, bad = settings().stamp_keys, 0
    click.echo(f"epochs here: {', '.join(map(str, sorted(known)))}; new batches use {max(known)}")
    with reading() as session:
        for finding in key_check.findings(session, known, full=full):
            bad += finding.bad
            said = f"{finding.ref}  epoch {finding.epoch}  {finding.size} stamps"
            click.echo(f"{finding.state.label:13}  {said}")
    if bad:
        sys.exit(f"phohien: the keys of {bad} batches are missing or other ones")


@keys.command()
@click.option("--to", "file", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.password_option("--passphrase", help="Asked for when left out.")
@with_appcontext
def backup(file: Path, passphrase: str) -> None:
    """Write all keys into a file that only the passphrase opens."""
    with _refusal():
        data = key_backup.seal(settings().stamp_keys, passphrase, secrets.token_bytes)
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(data)
    click.echo(f"{file}: epochs {', '.join(map(str, sorted(settings().stamp_keys)))}")


@keys.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--passphrase", prompt=True, hide_input=True, help="Asked for when left out.")
def restore(file: Path, passphrase: str) -> None:
    """Print what PHOHIEN_STAMP_KEYS must hold, from a backup."""
    with _refusal():
        click.echo(key_backup.setting(key_backup.unseal(file.read_bytes(), passphrase)))
