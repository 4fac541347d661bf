import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Role
from builders import BY_NOBODY, make_place, make_user
from builders_resolver import GLN, OTHER_GLN
from pos.stock import places
from pos.stock.models import Place, PlaceKind
from support.browser import Browser


@pytest.fixture
def keeper(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


@pytest.mark.parametrize(
    ("typed", "kept", "status"),
    [
        (f" {GLN[:7]}-{GLN[7:]} ", GLN, 303),
        ("", None, 303),
        ("9520000000029", OTHER_GLN, 422),
        ("952", OTHER_GLN, 422),
    ],
)
def test_a_place_gets_its_number(
    session: Session, keeper: Browser, typed: str, kept: str | None, status: int
) -> None:
    place = make_place(session)
    places.number(session, place, OTHER_GLN, **BY_NOBODY)
    session.commit()
    path = f"/quan-ly/kho/noi/{place.id}/gln"
    assert OTHER_GLN in keeper.get(path).text
    assert keeper.post(path, {"gln": typed}).status_code == status
    session.expire_all()
    assert session.get_one(Place, place.id).gln == kept


def test_two_places_never_share_a_number(session: Session, keeper: Browser) -> None:
    one, other = make_place(session), make_place(session)
    places.number(session, one, GLN, **BY_NOBODY)
    session.commit()
    answer = keeper.post(f"/quan-ly/kho/noi/{other.id}/gln", {"gln": GLN})
    assert answer.status_code == 409


def test_virtual_places_have_no_number(session: Session, keeper: Browser) -> None:
    waste = places.virtual(session, PlaceKind.WASTE)
    session.commit()
    assert keeper.get(f"/quan-ly/kho/noi/{waste.id}/gln").status_code == 404
