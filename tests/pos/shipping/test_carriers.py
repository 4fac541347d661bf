"""How carriers learn of parcels."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from builders_shipping import make_packed, make_parcel
from pos.shipping import desk
from pos.shipping.carriers import ByFile, ByHand, Carrier, Notice, Told


@dataclass
class FakeCarrier:
    """Gives numbers of its own, the same ones to those who ask again."""

    known: dict[str, str] = field(default_factory=dict)

    def announce(self, notices: list[Notice]) -> Told:  # type: ignore[override]
        for notice in notices:
            self.known.setdefault(notice.order_number, f"FAKE{len(self.known) + 1}")
        return Told({n.order_number: self.known[n.order_number] for n in notices})


def test_a_carrier_tells_its_numbers_and_repeats_them(session: Session) -> None:
    first, second = make_parcel(session), make_parcel(session)
    carrier: Carrier = FakeCarrier()  # type: ignore[assignment]
    told = carrier.announce(desk.notices([first, second]))
    assert told.numbers == {first.order.number: "FAKE1", second.order.number: "FAKE2"}
    assert carrier.announce(desk.notices([second])).numbers == {second.order.number: "FAKE2"}


def test_by_hand_the_numbers_are_those_that_were_typed(session: Session) -> None:
    named, unnamed = make_parcel(session, number="VN1"), make_parcel(session)
    told = ByHand().announce(desk.notices([named, unnamed]))
    assert told.numbers == {named.order.number: "VN1"}
    assert told.file is None


def test_a_table_holds_what_the_carrier_needs_and_no_formula(session: Session) -> None:
    order = make_packed(session)
    order.province, order.area_text, order.note = "ha-noi", "Phường Hoàn Kiếm, Hà Nội", "=1+1"
    parcel = make_parcel(session, order, number="VN1")
    file = ByFile().announce(desk.notices([parcel])).file
    assert file is not None
    row = file.decode("utf-8-sig").splitlines()[1]
    assert order.number in row
    assert '"12 Phố Hiến, Phường Hoàn Kiếm, Hà Nội"' in row
    assert ",0912345678," in row
    assert f",{order.total}," in row
    assert row.endswith(",'=1+1")
