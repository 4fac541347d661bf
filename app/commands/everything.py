"""The list of commands, for `python -m app.cli` and for `flask --app app.wsgi`."""

import click

from app.commands.checks import routes, stock
from app.commands.data import areas, catalog, demo
from app.commands.database import db
from app.commands.epcis import epcis
from app.commands.payments import payments
from app.commands.serve import serve
from app.commands.stamps import stamps
from app.commands.work import jobs

COMMANDS: tuple[click.Command, ...] = (
    serve,
    db,
    jobs,
    areas,
    catalog,
    demo,
    stock,
    routes,
    payments,
    stamps,
    epcis,
)
