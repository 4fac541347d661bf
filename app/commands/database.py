"""`db`: the schema."""

import sys

import click
from flask.cli import with_appcontext

from app import migrate
from app.core import db as databases


@click.group()
def db() -> None:
    """Bring the database up to date, or check it."""


@db.command()
@with_appcontext
def upgrade() -> None:
    """Run the migrations that are missing."""
    migrate.upgrade(databases.active().engine)
    click.echo("The database is up to date.")


@db.command()
@with_appcontext
def check() -> None:
    """Compare the database with the migrations and the models of this release."""
    engine = databases.active().engine
    with engine.connect() as connection:
        current = migrate.is_current(connection)
    if not current:
        sys.exit("phohien: the database is not at the newest revision; run `db upgrade`")
    differences = migrate.differences(engine)
    for difference in differences:
        click.echo(f"differs: {difference}", err=True)
    if differences:
        sys.exit(f"phohien: models and migrations differ in {len(differences)} places")
    click.echo("Models, migrations and database agree.")
