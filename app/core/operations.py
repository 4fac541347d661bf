"""One effect per key: a repeated request gets the first answer, a different one is refused."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, Session

from app.core.db import Model, insert_if_new
from app.core.errors import Conflict, Rejected
from app.core.text import N_
from app.core.types import Json, Pk

MAX_KEY = 200

Effect = Callable[[UUID], Json]


class Operation(Model):
    """One business act. Movements point to it; its stored result answers repeats."""

    __tablename__ = "operation"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[Pk]
    kind: Mapped[str]
    key: Mapped[str]
    body_hash: Mapped[str]
    result: Mapped[Json | None]
    created_at: Mapped[datetime]


class KeyReused(Conflict):
    """The key was used before with another content."""

    code = "key_reused"
    message = N_("This was already sent with different content. Reload the page and try again.")


class BadKey(Rejected):
    """The key that makes a request repeatable is missing or too long."""

    code = "bad_key"
    message = N_("The form has lost its number. Reload the page and try again.")


@dataclass(frozen=True)
class Outcome:
    """The answer of an operation; `repeated` when it was given before."""

    operation_id: UUID
    result: Json
    repeated: bool


def body_hash(body: object) -> str:
    """SHA-256 over the canonical JSON of `body`."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def once(
    session: Session,
    *,
    kind: str,
    key: str,
    body: object,
    now: datetime,
    effect: Effect,
    answer: Json | None = None,
) -> Outcome:
    """Run `effect` unless `kind` and `key` were seen before, and keep its JSON answer. `answer` is
    what it will be where that is known: it is kept beforehand, so that rows which others wait for
    are locked for a shorter time.

    Raises `KeyReused` when the same key comes with another body, `BadKey` without a usable key.
    """
    if not key or len(key) > MAX_KEY:
        raise BadKey
    digest, new_id = body_hash(body), uuid4()
    values = {"id": new_id, "kind": kind, "key": key, "body_hash": digest, "created_at": now}
    if not insert_if_new(session, Operation, values | ({"result": answer} if answer else {})):
        return _repeat(session, kind, key, digest)
    result = effect(new_id)
    if answer is None:
        session.execute(_KEEP, {"operation": new_id, "answer": result})
    return Outcome(new_id, result, repeated=False)


_KEEP = (
    update(Operation)
    .where(Operation.id == bindparam("operation"))
    .values(result=bindparam("answer"))
    .execution_options(synchronize_session=False)
)


def _repeat(session: Session, kind: str, key: str, digest: str) -> Outcome:
    found = session.scalars(select(Operation).filter_by(kind=kind, key=key)).one()
    if found.body_hash != digest:
        raise KeyReused
    return Outcome(found.id, found.result or {}, repeated=True)
