"""Hashing and comparing passwords."""

import pytest

from app.accounts.passwords import WeakPassword, hash_password, verify

LONG = "một câu dài dễ nhớ"


def test_the_right_password_fits_and_another_does_not() -> None:
    stored = hash_password(LONG)
    assert LONG not in stored
    assert verify(stored, LONG)
    assert not verify(stored, LONG + " ")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(LONG) != hash_password(LONG)


def test_without_a_stored_hash_nothing_fits() -> None:
    assert not verify(None, "nobody has this password")


def test_a_damaged_hash_fits_nothing() -> None:
    assert not verify("x", LONG)


@pytest.mark.parametrize("password", ["", "123456789", "x" * 201])
def test_a_password_outside_the_limits_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        hash_password(password)


def test_a_very_long_text_is_not_even_compared() -> None:
    assert not verify(hash_password("x" * 200), "x" * 100_000)
