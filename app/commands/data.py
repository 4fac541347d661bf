"""`areas load`, `catalog import` and `demo load`: bringing data in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.areas import loading
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import settings
from app.demo import loading as demonstration
from catalog.importing import ImportReport, import_file


@contextmanager
def _refusal() -> Iterator[None]:
    """What a verb refuses is one line for the operator, not a trace."""
    try:
        yield
    except DomainError as error:
        sys.exit(f"phohien: {error}")


@click.group()
def demo() -> None:
    """Demonstration data."""


@demo.command("load")
@with_appcontext
def load_demo() -> None:
    """Load demonstration data into an empty database; prints the accounts."""
    with _refusal():
        demonstration.load(settings())
    for role, email, password in demonstration.LOGINS:
        click.echo(f"{role:<24} {email:<32} {password}")


@click.group()
def areas() -> None:
    """Provinces, districts and communes before and after July 2025."""


@areas.command("load")
@with_appcontext
def load_areas() -> None:
    """Load the published lists; a second run changes nothing."""
    with transaction() as session:
        report = loading.load(session)
    click.echo(f"{report.units} units and {report.changes} changes added")
    if report.unmatched:
        click.echo(f"{len(report.unmatched)} old names match no single unit", err=True)


@click.group()
def catalog() -> None:
    """Products and producers."""


@catalog.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_catalog(file: Path) -> None:
    """Take a register of products in; rows that cannot be true are refused, with the reason."""
    with _refusal(), transaction() as session:
        report = import_file(session, file.read_bytes(), now=clock.now(), actor_id=None)
    _print(report)


def _print(report: ImportReport) -> None:
    click.echo(f"accepted:  {report.accepted}")
    click.echo(f"unchanged: {report.unchanged}")
    click.echo(f"refused:   {len(report.refused)}")
    for refusal in report.refused:
        click.echo(f"  {refusal.error}")
    for what, rows in report.unknown.items():
        click.echo(f"unknown {what}: {rows}")
