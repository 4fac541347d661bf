"""The console: `phohien`, or `python -m app.cli` from a checkout."""

import sys

import click
from flask import Flask
from flask.cli import ScriptInfo

from app.commands.everything import COMMANDS
from app.config import ConfigError
from app.factory import create_app


@click.group()
def console() -> None:
    """Shop, sales points and traceability stamps."""


for command in COMMANDS:
    console.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run one command; a wrong setting is one line and exit code 2."""
    try:
        console.main(arguments, prog_name="phohien", obj=ScriptInfo(create_app=_create))
    except ConfigError as error:
        click.echo(f"phohien: {error}", err=True)
        sys.exit(2)


def _create(*_args: object) -> Flask:
    return create_app()


if __name__ == "__main__":
    main()
