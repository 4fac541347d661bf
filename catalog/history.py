"""What was changed about a product, a producer or a decision, by whom: before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, User
from app.core.types import Json
from catalog import history_words, labels
from catalog.models import Sku
from catalog.recognition_models import Recognition

MOST = 200


@dataclass(frozen=True)
class Difference:
    """One thing that changed; None was or is unknown."""

    name: str
    before: str | None
    after: str | None

    @property
    def title(self) -> str | labels.Field:
        """What the name says, as a msgid or a label fact."""
        return history_words.field(self.name)


@dataclass(frozen=True)
class Change:
    """One entry of the trail. `actor` is None for jobs and commands."""

    at: datetime
    actor: str | None
    action: str
    differences: Sequence[Difference]

    @property
    def what(self) -> str:
        """Msgid of what was done."""
        return history_words.action(self.action)


def of(session: Session, kind: str, key: UUID) -> list[Change]:
    """Changes of an object, newest first; a product's articles and recognitions belong to it."""
    wanted = [(kind, str(key))]
    if kind == "product":
        skus = session.scalars(select(Sku.id).filter_by(product_id=key))
        rows = session.scalars(select(Recognition.id).filter_by(product_id=key))
        wanted += [("sku", str(sku)) for sku in skus]
        wanted += [("recognition", str(row)) for row in rows]
    query = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(tuple_(AuditEntry.object_type, AuditEntry.object_id).in_(wanted))
        .order_by(AuditEntry.id.desc())
        .limit(MOST)
    )
    return [
        Change(entry.at, name, entry.action, _told(session, entry))
        for entry, name in session.execute(query)
    ]


def _told(session: Session, entry: AuditEntry) -> list[Difference]:
    """The differences that say something; the parts of a set are told by their codes."""
    rows = [row for row in differences(entry.detail) if history_words.tells(row.name)]
    if entry.action != "sku.parts":
        return rows
    found = session.scalars(select(Sku).where(Sku.id.in_([UUID(row.name) for row in rows])))
    codes = {str(sku.id): sku.code for sku in found}
    return [replace(row, name=codes.get(row.name, row.name)) for row in rows]


def differences(detail: Json) -> list[Difference]:
    """What an entry's detail says as rows; single values stand for themselves."""
    before, after = detail.get("before"), detail.get("after")
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = before or {}, after or {}
        return [Difference(k, _text(old.get(k)), _text(new.get(k))) for k in {**old, **new}]
    rest = [Difference(k, None, _text(v)) for k, v in detail.items() if k not in _SIDES and v]
    whole = [Difference("", _text(before), _text(after))] if before or after else []
    return whole + rest


_SIDES = {"before", "after"}


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict):
        return " · ".join(str(part) for part in value.values())
    return str(value)
