"""The application object for a WSGI server, and for `flask --app app.wsgi …`."""

import sys

from app.commands.everything import COMMANDS
from app.config import ConfigError
from app.factory import create_app

try:
    app = create_app()
except ConfigError as error:
    sys.stderr.write(f"phohien: {error}\n")
    sys.exit(2)

for command in COMMANDS:
    app.cli.add_command(command)
