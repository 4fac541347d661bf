"""Signed keys in links."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.links import opened, signed

KEY = UUID("01920000-0000-7000-8000-000000000000")


@given(key=st.uuids(), purpose=st.text(max_size=20))
def test_what_was_signed_is_opened_for_its_purpose_only(key: UUID, purpose: str) -> None:
    text = signed("secret", purpose, key)
    assert opened("secret", purpose, text) == key
    assert opened("secret", purpose + "x", text) is None
    assert opened("another", purpose, text) is None


@given(text=st.text(max_size=60))
def test_what_was_not_signed_is_refused(text: str) -> None:
    assert opened("secret", "purpose", text) is None


@pytest.mark.parametrize("place", [0, 20, 47])
def test_one_changed_letter_breaks_the_signature(place: int) -> None:
    text = signed("secret", "purpose", KEY)
    other = "A" if text[place] != "A" else "B"
    assert opened("secret", "purpose", text[:place] + other + text[place + 1 :]) is None


def test_a_signed_key_fits_into_an_address() -> None:
    text = signed("secret", "purpose", KEY)
    assert len(text) == 48
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
