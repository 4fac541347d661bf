"""The index in memory: how old it may be, and that its columns count what they let through."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.storefront import index
from app.storefront.index import AtMost, Index, Pairs, Value
from app.storefront.index_rows import build
from builders import TODAY, make_offered

EMPTY = Index([], {}, {}, {})


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    yield
    index.forget()


def test_it_is_built_once_and_again_when_the_day_changes(session: Session) -> None:
    built: list[date] = []

    def note(_session: Session, day: date) -> Index:
        built.append(day)
        return EMPTY

    for day in (TODAY, TODAY, TODAY + timedelta(days=1)):
        index.current(session, day, note, seconds=60)
    assert built == [TODAY, TODAY + timedelta(days=1)]


def test_without_an_age_it_is_built_every_time(session: Session) -> None:
    assert not index.current(session, TODAY, build, seconds=0).ids
    made = make_offered(session)
    assert index.current(session, TODAY, build, seconds=0).ids == [made.product_id]


def test_while_it_is_built_anew_others_go_on_with_the_old_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_REST", 0)
    old = index.current(session, TODAY, lambda *_: EMPTY, seconds=60)

    def slow(_session: Session, _day: date) -> Index:
        assert index.current(session, TODAY, build, seconds=1e-9) is old
        return Index([], {}, {}, {})

    assert index.current(session, TODAY, slow, seconds=1e-9) is not old


def test_a_failed_build_leaves_the_door_open(session: Session) -> None:
    def broken(_session: Session, _day: date) -> Index:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        index.current(session, TODAY, broken, seconds=60)
    assert index.current(session, TODAY, lambda *_: EMPTY, seconds=60) is EMPTY


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), unique=True), st.data())
def test_pairs_count_what_their_masks_let_through(
    pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    rows, codes = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    column = Pairs(10, [Value(str(n), str(n)) for n in range(4)], rows, codes)
    passing = np.array(data.draw(st.lists(st.booleans(), min_size=10, max_size=10)))
    shown = [int((column.mask(str(n)) & passing).sum()) for n in range(4)]
    assert column.counts(passing).tolist() == shown
    assert column.mask("other") is None


@given(st.lists(st.integers(1, 9), min_size=1, max_size=10))
def test_limits_count_what_bears_them(bears: list[int]) -> None:
    limits = np.array([1, 5])
    column = AtMost([Value("a", "A"), Value("b", "B")], limits, np.array(bears))
    everything = np.ones(len(bears), dtype=bool)
    assert column.counts(everything).tolist() == [len(bears), sum(n >= 5 for n in bears)]
    assert int(column.mask("b").sum()) == sum(n >= 5 for n in bears)
    assert column.mask("c") is None


def test_a_search_is_kept_and_unknown_keys_are_nobody() -> None:
    known, other = UUID(int=1), UUID(int=2)
    shelf = Index([known], {}, {}, {known: 0})
    asked: list[int] = []

    def find() -> list[UUID]:
        asked.append(1)
        return [known, other]

    for _ in range(2):
        assert shelf.searched(("a",), find).tolist() == [True]
    assert len(asked) == 1
    for n in range(index.MOST_SEARCHES + 5):
        shelf.searched((str(n),), find)
    assert len(shelf._searches) <= index.MOST_SEARCHES
