import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Role
from builders import make_producer, make_user
from builders_resolver import GLN
from catalog.models import Producer
from support.browser import Browser


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


@pytest.mark.parametrize(
    ("typed", "kept", "status"),
    [(f"{GLN[:3]} {GLN[3:]}", GLN, 303), ("9520000000029", None, 422), ("", None, 303)],
)
def test_a_producer_gets_its_gln(
    session: Session, officer: Browser, typed: str, kept: str | None, status: int
) -> None:
    producer = make_producer(session)
    session.commit()
    form = {"name": producer.name, "gln": typed}
    assert officer.post(f"/quan-ly/nha-san-xuat/{producer.id}", form).status_code == status
    session.expire_all()
    assert session.get_one(Producer, producer.id).gln == kept


def test_two_producers_never_share_a_gln(session: Session, officer: Browser) -> None:
    make_producer(session, gln=GLN)
    other = make_producer(session)
    session.commit()
    form = {"name": "HTX mới", "kind": "", "area": "", "gln": GLN}
    for path in (f"/quan-ly/nha-san-xuat/{other.id}", "/quan-ly/nha-san-xuat/moi"):
        answer = officer.post(f"{path}?lang=en", form)
        assert answer.status_code == 409
        assert f"Another producer already has the GLN {GLN}." in answer.text
