from sqlalchemy.orm import Session

from builders import BY_NOBODY, make_place
from builders_resolver import GLN, add_link
from pos.stock import places
from pos.stock.models import PlaceKind
from support.browser import Browser
from support.gs1_schemas import LINKSET, demand

VOC = "https://ref.gs1.org/voc/"


def numbered(session: Session, kind: PlaceKind = PlaceKind.SHOP) -> str:
    place = make_place(session, kind, address="12 Phố Hiến")
    places.number(session, place, GLN, **BY_NOBODY)
    session.commit()
    return place.code


def test_a_gln_leads_to_the_page_of_the_point(session: Session, visitor: Browser) -> None:
    code = numbered(session)
    step = visitor.get(f"/414/{GLN}/254/A1")
    assert (step.status_code, step.headers["Location"]) == (307, f"/diem-ban/{code}")
    page = visitor.follow(step).text
    assert "12 Phố Hiến" in page
    assert GLN in page


def test_the_link_set_of_a_point_holds_what_staff_added(session: Session, visitor: Browser) -> None:
    numbered(session)
    add_link(session, f"/414/{GLN}", type="socialMedia", href="https://example.vn/f")
    told = visitor.get(f"/414/{GLN}?linkType=linkset").get_json()
    demand(told, LINKSET)
    [entity] = told["linkset"]
    assert {VOC + "locationInfo", VOC + "openingHoursInfo", VOC + "socialMedia"} <= set(entity)


def test_only_points_of_sale_have_a_page(session: Session, visitor: Browser) -> None:
    code = numbered(session, PlaceKind.DEPOT)
    assert visitor.get(f"/414/{GLN}").status_code == 404
    assert visitor.get(f"/diem-ban/{code}").status_code == 404
