"""`stock verify` and `routes`: looking at what is there."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from app import routes as route_table
from app.core.db import reading
from pos.stock import verify as stock_check


@click.group()
def stock() -> None:
    """The stock ledger."""


@stock.command()
@with_appcontext
def verify() -> None:
    """Add up every movement again and compare with the balances; exit 1 on a difference."""
    with reading() as session:
        problems = stock_check.problems(session)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo("Every balance equals its movements.")


@click.command()
@with_appcontext
def routes() -> None:
    """Every address with its endpoint and the permission that it demands."""
    for line in route_table.listing(current_app):
        click.echo(line)
