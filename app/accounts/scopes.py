"""Where a role holds: `*` or `<kind>:<key>`. What places and producers exist is known further up."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.access import EVERYWHERE
from app.core.errors import Rejected
from app.core.text import N_

KINDS = ("place", "producer")

# A source answers with pairs of scope and name; the composition root sets the list.
ScopeSource = Callable[[Session], Iterable[tuple[str, str]]]
SCOPE_SOURCES: list[ScopeSource] = []


class BadScope(Rejected):
    """The text names no scope."""

    code = "bad_scope"
    message = N_("Choose a place or a producer from the list, or * for everywhere.")


def normal_scope(text: str) -> str:
    """Canonical form of `*`, `place:<uuid>` or `producer:<uuid>`; raises `BadScope`."""
    if text.strip() == EVERYWHERE:
        return EVERYWHERE
    kind, _colon, key = text.strip().partition(":")
    if kind not in KINDS:
        raise BadScope
    try:
        return f"{kind}:{UUID(key)}"
    except ValueError as error:
        raise BadScope from error


def names(session: Session) -> dict[str, str]:
    """Names of all scopes that the sources know, by scope, in their order."""
    return dict(pair for source in SCOPE_SOURCES for pair in source(session))
