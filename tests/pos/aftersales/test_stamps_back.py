import pytest
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import BY_NOBODY, NOW, STAMP_KEYS, TODAY, make_user
from builders_aftersales import STAFF, grant, make_case
from builders_returns import Shelf, hand_over, make_shelf, pack_by_scan
from builders_shipping import make_parcel
from pos.aftersales import receiving, stamps_back
from pos.aftersales.models import Case
from pos.aftersales.receiving import Back, Stamps
from pos.aftersales.status import Condition
from pos.sales import unpacking
from pos.shipping import parcels
from support.browser import Browser
from traceability import returned, scans
from traceability.scans import VerdictKind


@pytest.fixture
def shelf(session: Session) -> Shelf:
    return make_shelf(session)


def said(session: Session, shelf: Shelf, *numbers: int) -> list[VerdictKind]:
    look = {"day": TODAY, "now": NOW, "keys": STAMP_KEYS, "sighting": None}
    return [scans.look_up(session, shelf.serials[n], **look).kind for n in numbers]  # type: ignore[arg-type]


def granted(session: Session, shelf: Shelf) -> Case:
    """Packs 0 and 1 were bought; both are to come back."""
    order = pack_by_scan(session, shelf, 0, 1)
    hand_over(session, order)
    case = make_case(session, order, 2)
    grant(session, case, back=True)
    return case


def came(case: Case, shelf: Shelf, stock: int, waste: int = 0) -> list[Back]:
    key = case.lines[0].id, shelf.lot.id
    return [Back(*key, Condition.STOCK, stock), Back(*key, Condition.WASTE, waste)]


def test_the_stamp_of_a_pack_on_the_shelf_again_says_so(session: Session, shelf: Shelf) -> None:
    case = granted(session, shelf)
    assert [pack.serial for pack in stamps_back.sold_with(case)] == shelf.serials[:2]
    read = Stamps([shelf.serials[0]], STAMP_KEYS)
    receiving.receive(session, case, came(case, shelf, 1, 1), STAFF, read)
    assert said(session, shelf, 0, 1) == [VerdictKind.ACTIVE, VerdictKind.SOLD]
    (kept,) = returned.history(session, shelf.serials[0], STAMP_KEYS)
    assert kept.reference == f"case:{case.number}"


@pytest.mark.parametrize(("numbers", "stock"), [((0, 1), 1), ((0,), 0), ((2,), 2)])
def test_no_more_stamps_than_packs_of_the_sale(
    session: Session, shelf: Shelf, numbers: tuple[int, ...], stock: int
) -> None:
    case = granted(session, shelf)
    read = Stamps([shelf.serials[number] for number in numbers], STAMP_KEYS)
    with pytest.raises(stamps_back.NotTheseStamps):
        receiving.receive(session, case, came(case, shelf, stock, 2 - stock), STAFF, read)


def test_the_goods_of_an_unpacked_parcel_can_be_sold_again(session: Session, shelf: Shelf) -> None:
    order = pack_by_scan(session, shelf, 0, 1)
    unpacking.cancel(session, order, "Khách đổi ý", keys=STAMP_KEYS, **BY_NOBODY)
    assert said(session, shelf, 0, 1) == [VerdictKind.ACTIVE, VerdictKind.ACTIVE]
    again = pack_by_scan(session, shelf, 0)
    assert said(session, shelf, 0, 1) == [VerdictKind.SOLD, VerdictKind.ACTIVE]
    assert again.lines[0].picks[0].serial == shelf.serials[0]


def test_a_parcel_that_nobody_took_ends_the_sale_of_its_stamps(
    session: Session, shelf: Shelf
) -> None:
    parcel = make_parcel(session, order=pack_by_scan(session, shelf, 0))
    parcels.hand_over(session, parcel, **BY_NOBODY)
    parcels.refused(session, parcel, "Không có nhà", **BY_NOBODY)
    parcels.back(session, parcel, keys=STAMP_KEYS, **BY_NOBODY)
    assert said(session, shelf, 0) == [VerdictKind.ACTIVE]


def test_staff_tick_the_stamps_that_they_read(
    session: Session, visitor: Browser, shelf: Shelf
) -> None:
    case = granted(session, shelf)
    keeper = make_user(session, Role.STOCK_KEEPER, place_scope(shelf.place.id))
    session.commit()
    desk, path = visitor.sign_in(keeper), f"/quan-ly/khieu-nai/{case.id}"
    assert f'value="{shelf.serials[1]}"' in desk.get(path).text
    field = f"back-{case.lines[0].id}-{shelf.lot.id}"
    sent = {f"{field}-stock": "1", f"{field}-waste": "1", "stamp": shelf.serials[:2]}
    refused = desk.post(f"{path}/nhan-hang", sent)
    assert refused.status_code == 422
    assert refused.text.count("checked") == 2
    sent["stamp"] = shelf.serials[1]
    assert desk.post(f"{path}/nhan-hang", sent).status_code == 303
    assert said(session, shelf, 0, 1) == [VerdictKind.SOLD, VerdictKind.ACTIVE]
