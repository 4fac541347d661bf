"""Registers stand at sales points; their receipts are numbered without gaps."""

import pytest
from sqlalchemy.orm import Session

from builders import BY_NOBODY, make_place, make_register
from pos.counter import registers
from pos.counter.registers import NotASalesPoint, RegisterCodeTaken
from pos.stock.models import PlaceKind


def test_a_code_is_kept_in_capitals_and_used_once(session: Session) -> None:
    shop = make_place(session)
    assert registers.enrol(session, shop, " hy1 ", "Quầy 1", **BY_NOBODY).code == "HY1"
    with pytest.raises(RegisterCodeTaken):
        registers.enrol(session, shop, "Hy1", "Quầy 2", **BY_NOBODY)


def test_a_depot_has_no_register(session: Session) -> None:
    with pytest.raises(NotASalesPoint):
        registers.enrol(session, make_place(session, PlaceKind.DEPOT), "D1", "Quầy", **BY_NOBODY)


def test_only_registers_of_the_places_asked_for_are_listed(session: Session) -> None:
    here, elsewhere = make_register(session), make_register(session)
    assert registers.at_places(session, frozenset({here.place_id})) == [here]
    assert {here, elsewhere} <= set(registers.at_places(session, None))
    assert registers.at_places(session, frozenset()) == []


def test_receipt_numbers_run_on_and_begin_anew_on_a_new_device(session: Session) -> None:
    register = make_register(session)
    numbers = [registers.next_receipt_number(session, register) for _n in range(2)]
    assert numbers == [f"{register.code}-A-000001", f"{register.code}-A-000002"]
    register.lease_letter = "B"
    assert registers.next_receipt_number(session, register) == f"{register.code}-B-000001"


def test_an_unknown_register_is_said_to_be_unknown(session: Session) -> None:
    with pytest.raises(registers.UnknownRegister):
        registers.get(session, make_place(session).id)
