"""Errors that verbs raise."""

import pytest

from app.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Gone,
    NotFound,
    Rejected,
    TooMany,
)


class OutOfSugar(Conflict):
    """A made-up error."""

    code = "out_of_sugar"
    message = "Only %(left)s left."


def test_an_error_fills_its_message_and_keeps_its_parts() -> None:
    error = OutOfSugar(left=3, detail=["sugar"])
    assert str(error) == "Only 3 left."
    assert (error.code, error.params, error.detail) == ("out_of_sugar", {"left": 3}, ["sugar"])


def test_a_message_without_parts_may_hold_a_percent_sign() -> None:
    class Full(Rejected):
        message = "100 % full"

    assert str(Full()) == "100 % full"


@pytest.mark.parametrize("base", [NotFound, Forbidden, Rejected, Conflict, Gone, TooMany])
def test_every_base_has_a_code_of_its_own(base: type[DomainError]) -> None:
    others = {b.code for b in (NotFound, Forbidden, Rejected, Conflict, Gone, TooMany)} - {
        base.code
    }
    assert base.code not in others | {DomainError.code}
    assert len(others) == 5
