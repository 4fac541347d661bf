"""`epcis`: catch up with what happened, and hand data to the national portal."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.core import clock
from app.core.db import reading, transaction
from app.core.web import settings
from app.epcis import parcels, publishing
from app.epcis.names import Names
from app.epcis.portal import Folder


@click.group()
def epcis() -> None:
    """Events for other systems."""


@epcis.command()
@with_appcontext
def publish() -> None:
    """Write the events of everything that has happened; the worker does it by itself."""
    total = 0
    while True:
        with transaction() as session:
            written = publishing.publish(session, settings().base_url, settings().stamp_keys)
        total += written
        if not written:
            break
    click.echo(f"{total} events")


@epcis.command()
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def portal(since: datetime, out: Path) -> None:
    """Lay EPCIS and table of each lot with news since a day into folders below OUT."""
    names, keys = Names(settings().base_url), settings().stamp_keys
    first, folder = clock.local_midnight(since.date()), Folder(out)
    with reading() as session:
        for parcel in parcels.since(session, first, names, keys, now=clock.now()):
            click.echo(folder.hand_over(parcel))
