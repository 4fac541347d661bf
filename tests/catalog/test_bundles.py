"""Gift sets: what may lie in one, how many can be made, and how its price is shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from builders import BY_NOBODY, make_offered, make_set, make_sku
from catalog import bundles
from catalog.bundles import BadSet
from catalog.models import Unit

worth = st.lists(st.none() | st.integers(0, 5_000_000), min_size=1, max_size=12)


@given(st.integers(1, 2_000_000_000), worth)
def test_shares_add_up_to_the_price_in_whole_dong(price: int, values: list[int | None]) -> None:
    parts = bundles.shares(price, values)
    assert sum(parts) == price
    assert all(part >= 0 for part in parts)


def test_shares_follow_what_the_parts_cost_by_themselves() -> None:
    assert bundles.shares(300_000, [100_000, 300_000]) == [75_000, 225_000]
    assert bundles.shares(100, [None, None, None]) == [34, 33, 33]
    assert bundles.shares(100, [0, 0]) == [50, 50]
    assert bundles.shares(90, [10, None, 20]) == [20, 30, 40]


@given(st.lists(st.tuples(st.integers(-3, 50), st.integers(1, 5)), min_size=1))
def test_the_rarest_part_says_how_many_sets_there_are(parts: list[tuple[int, int]]) -> None:
    sets = bundles.fit(parts)
    assert all(sets * each <= max(units, 0) for units, each in parts)
    assert any((sets + 1) * each > units for units, each in parts)


def test_a_set_lists_its_parts_with_their_makers(session: Session) -> None:
    tea, honey = make_offered(session), make_offered(session)
    bundle = make_set(session, {tea: 2, honey: 1})
    parts = bundles.parts_of(session, [bundle.id, tea.id])
    assert set(parts) == {bundle.id}
    found = {part.sku_id: (part.quantity, part.producer) for part in parts[bundle.id]}
    assert found == {
        tea.id: (2, tea.product.producer.name),
        honey.id: (1, honey.product.producer.name),
    }
    entry = session.scalars(select(AuditEntry).filter_by(action="sku.parts")).one()
    assert entry.detail["after"][str(tea.id)] == 2


def test_what_is_no_set_is_refused(session: Session) -> None:
    tea, other = make_offered(session), make_sku(session)
    bundle = make_set(session, {tea: 2})
    for target, parts in (
        (other, {tea.id: 1}),
        (other, {bundle.id: 1, tea.id: 1}),
        (tea, {other.id: 2}),
        (other, {other.id: 2}),
        (other, {tea.id: 0}),
        (make_sku(session, unit=Unit.GRAM), {tea.id: 2}),
    ):
        with pytest.raises(BadSet):
            bundles.set_parts(session, target, parts, **BY_NOBODY)


def test_without_parts_it_is_an_ordinary_article_again(session: Session) -> None:
    bundle = make_set(session, {make_offered(session): 2})
    bundles.set_parts(session, bundle, {}, **BY_NOBODY)
    assert bundles.parts_of(session, [bundle.id]) == {}
