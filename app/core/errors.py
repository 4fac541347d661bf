"""The errors that verbs raise. `app.errors` alone turns them into HTTP answers."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A rule was broken. `code` is stable for machines; `message` is a msgid for people.

    `params` fill the message; `detail` carries the offending lines for the caller.
    """

    code = "error"
    message = "Something went wrong."

    def __init__(self, *, detail: Any = None, **params: object) -> None:
        self.params: Mapping[str, object] = params
        self.detail = detail
        super().__init__(self.message % params if params else self.message)


class NotFound(DomainError):
    """What was asked for does not exist (404)."""

    code = "not_found"


class Forbidden(DomainError):
    """The actor has no right to this (403)."""

    code = "forbidden"


class Rejected(DomainError):
    """The input is wrong; the caller can mend it (422)."""

    code = "rejected"


class Conflict(DomainError):
    """The input is right but the state of things does not allow it now (409)."""

    code = "conflict"


class Gone(DomainError):
    """It existed and was withdrawn on purpose (410)."""

    code = "gone"


class TooMany(DomainError):
    """Too many tries in too short a time (429)."""

    code = "too_many"
