"""Messages about accounts. They do not repeat the name that was entered: whoever opens an account
with a foreign address must not be able to write to its owner."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from app.accounts import tokens
from app.accounts.models import AccountToken, User
from app.core.clock import now
from app.core.db import reading
from app.core.mail import Post
from app.core.types import Json


def verify_email(post: Post, secret: str, payload: Json) -> None:
    """Send the link that proves an address."""
    _send_link(post, secret, payload, "verify_email")


def reset_password(post: Post, secret: str, payload: Json) -> None:
    """Send the link for a new password."""
    _send_link(post, secret, payload, "reset_password")


def _send_link(post: Post, secret: str, payload: Json, template: str) -> None:
    with reading() as session:
        row = session.get(AccountToken, UUID(payload["token_id"]))
    if row is None or row.used_at is not None:
        return
    values = {"token": tokens.text_of(row, secret)}
    language, key = payload["language"], row.id.hex
    post.send(row.email, template, values, key=key, language=language, now=now())


def already_registered(post: Post, payload: Json) -> None:
    """Tell the holder of an account that somebody tried to open another one with the address."""
    with reading() as session:
        user = session.get(User, UUID(payload["user_id"]))
    if user is None or not user.active:
        return
    stamp = "".join(c for c in payload["at"] if c.isdigit())
    language, key = payload["language"], f"{user.id.hex}.{stamp}"
    post.send(user.email, "already_registered", {}, key=key, language=language, now=now())


def email_changed(post: Post, payload: Json) -> None:
    """Tell the former address that an account has left it, and whom to call."""
    mark = sha256(f"{payload['to']} {payload['at']}".encode()).hexdigest()[:32]
    values = {"at": datetime.fromisoformat(payload["at"])}
    language = payload["language"]
    post.send(payload["to"], "email_changed", values, key=mark, language=language, now=now())
