"""Layouts to choose from: those of the program, and those that staff added as data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import NotFound
from app.core.text import N_
from traceability.print_models import PrintLayout
from traceability.printing import layouts
from traceability.printing.layouts import Layout


class UnknownLayout(NotFound):
    """No layout has this name."""

    code = "unknown_print_layout"
    message = N_("There is no such layout.")


def everything(session: Session) -> dict[str, Layout]:
    """All layouts by name; of those that staff added the newest of each name counts."""
    query = select(PrintLayout).order_by(PrintLayout.created_at, PrintLayout.id)
    own = {row.name: layouts.from_data(row.data) for row in session.scalars(query)}
    return {**layouts.built_in(), **own}


def find(session: Session, name: str) -> Layout:
    """The layout of this name. Raises `UnknownLayout`."""
    found = everything(session).get(name)
    if found is None:
        raise UnknownLayout
    return found


def add(
    session: Session, data: Mapping[str, Any], *, now: datetime, actor_id: UUID | None
) -> Layout:
    """Keep a layout; prints that were asked for before stay as they are. Raises `BadLayout`."""
    layout = layouts.from_data(data)
    row = PrintLayout(name=layout.name, data=layout.to_data(), created_at=now, created_by=actor_id)
    session.add(row)
    session.flush()
    obj, detail = ("print_layout", row.id), {"name": layout.name}
    audit.record(session, "stamps.layout", obj, actor_id=actor_id, now=now, detail=detail)
    return layout
