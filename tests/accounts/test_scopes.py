"""Texts that name where a role holds."""

import pytest
from sqlalchemy.orm import Session

from app.accounts import scopes
from app.accounts.scopes import BadScope, normal_scope

KEY = "0198c2d5-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("*", "*"),
        (" * ", "*"),
        (f"place:{KEY}", f"place:{KEY}"),
        (f"producer:{KEY.upper()}", f"producer:{KEY}"),
        (f"place:{KEY.replace('-', '')}", f"place:{KEY}"),
    ],
)
def test_a_scope_gets_its_canonical_form(text: str, scope: str) -> None:
    assert normal_scope(text) == scope


@pytest.mark.parametrize("text", ["", "**", "place:", "place:*", "place:7", f"user:{KEY}", KEY])
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadScope):
        normal_scope(text)


def test_names_come_from_all_sources_in_their_order(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, producers = [("place:1", "Cửa hàng")], [("producer:2", "HTX")]
    monkeypatch.setattr(scopes, "SCOPE_SOURCES", [lambda _s: places, lambda _s: producers])
    assert list(scopes.names(session).items()) == [("place:1", "Cửa hàng"), ("producer:2", "HTX")]
