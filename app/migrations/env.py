"""Alembic's entry: runs migrations on the connection handed over by `app.migrate`."""

from alembic import context

from app.migrate import OPTIONS
from app.models import Model

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Model.metadata, **OPTIONS)
with context.begin_transaction():
    context.run_migrations()
