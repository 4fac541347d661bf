"""`payments doctor`: whether money can come."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core.db import reading
from pos.sales import payment_doctor
from pos.sales.gateways import registry


@click.group()
def payments() -> None:
    """Ways of paying."""


@payments.command()
@with_appcontext
def doctor() -> None:
    """Say for each way of paying whether it is set up and works; exit 1 when one is wrong."""
    settings = current_app.extensions["phohien_settings"]
    with reading() as session:
        heard = {p: payment_doctor.last_notice(session, p) for p in payment_doctor.PROVIDERS}
    found = list(payment_doctor.findings(settings, registry.cards(settings), heard.get))
    for finding in found:
        click.echo(f"{finding.state:6} {finding.about:12} {finding.text}")
    if any(finding.state == payment_doctor.WRONG for finding in found):
        sys.exit(1)
