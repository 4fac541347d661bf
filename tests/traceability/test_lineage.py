import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from builders import BY_NOBODY, make_lot, make_sku
from traceability import journal, lineage
from traceability.history_models import LotParent
from traceability.models import Lot


@pytest.fixture
def family(session: Session) -> list[Lot]:
    """Two fields' harvests brought together, then packed in two runs."""
    sku = make_sku(session)
    made = [make_lot(session, sku, code=code) for code in ("A", "B", "AB", "AB1", "AB2")]
    a, b, both, first, second = made
    lineage.derive(session, both, {a.id: 40, b.id: None}, **BY_NOBODY)
    for part in (first, second):
        lineage.derive(session, part, {both.id: 20}, **BY_NOBODY)
    return made


def codes(relatives: list[lineage.Relative]) -> list[tuple[str, int]]:
    return [(relative.lot.code, relative.steps) for relative in relatives]


def test_ancestors_and_descendants_are_told_nearest_first(
    session: Session, family: list[Lot]
) -> None:
    a, _b, both, first, _second = family
    assert codes(lineage.ancestors(session, first)) == [("AB", 1), ("A", 2), ("B", 2)]
    assert codes(lineage.descendants(session, a)) == [("AB", 1), ("AB1", 2), ("AB2", 2)]
    assert codes(lineage.ancestors(session, both)) == [("A", 1), ("B", 1)]
    assert lineage.ancestors(session, a) == []


def test_the_history_tells_of_it(session: Session, family: list[Lot]) -> None:
    _a, _b, both, first, _second = family
    last = journal.entries(session, both.id, public_only=True)[-1]
    assert (last.kind.value, last.text) == ("merged", "A, B")
    last = journal.entries(session, first.id, public_only=True)[-1]
    assert (last.kind.value, last.text) == ("split", "AB")


def test_no_lot_is_its_own_ancestor(session: Session, family: list[Lot]) -> None:
    a, _b, _both, first, _second = family
    with pytest.raises(lineage.Circle):
        lineage.derive(session, a, {first.id: 1}, **BY_NOBODY)
    with pytest.raises(lineage.Circle):
        lineage.derive(session, a, {a.id: 1}, **BY_NOBODY)
    assert len(session.scalars(select(LotParent)).all()) == 4


def test_a_parent_is_said_once_and_there_is_one(session: Session, family: list[Lot]) -> None:
    a, _b, both, _first, _second = family
    with pytest.raises(lineage.KnownParent):
        lineage.derive(session, both, {a.id: 1}, **BY_NOBODY)
    with pytest.raises(lineage.NoParents):
        lineage.derive(session, both, {}, **BY_NOBODY)
