from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from builders import BY_NOBODY, NOW, TODAY
from builders_resolver import add_link
from traceability import gs1, resolver_edit, resolver_facts
from traceability.resolver_models import ResolverLink

PATH = "/01/09520000000011"


def in_force(session: Session, day: date = TODAY) -> list[str]:
    return [link.href for link, _d in resolver_facts.added(session, [PATH], day)[PATH]]


def test_a_link_is_kept_and_noted(session: Session) -> None:
    link = add_link(session, PATH)
    assert in_force(session) == ["https://example.vn/a"]
    noted = session.scalars(select(AuditEntry).filter_by(object_id=str(link.id))).one()
    assert (noted.action, noted.detail["href"]) == ("resolver_link.add", link.href)


@pytest.mark.parametrize(
    "over",
    [
        {"href": "http://example.vn"},
        {"href": "javascript:alert(1)"},
        {"href": "https://"},
        {"href": "https://localhost/a"},
        {"href": "https://a@example.vn/"},
        {"href": "https://example.vn/\r\nSet-Cookie: a"},
        {"href": "https://example.vn/a b"},
        {"href": 'https://example.vn/"><script>'},
        {"href": "https://example.vn:99999/"},
        {"type": "defaultLink"},
        {"type": "nonsense"},
        {"title": "  "},
        {"language": "fr"},
        {"media_type": "text/x-made-up"},
        {"valid_from": TODAY, "valid_to": TODAY - timedelta(days=1)},
    ],
)
def test_a_link_that_cannot_be_is_refused(session: Session, over: dict[str, object]) -> None:
    with pytest.raises(resolver_edit.BadLink):
        add_link(session, PATH, **over)


@pytest.mark.parametrize("rest", ["/10/L1/21/S1", "/22/V1/21/S1", "/22/V1/10/L1/21/S1"])
def test_a_link_of_one_piece_carries_neither_lot_nor_variant(session: Session, rest: str) -> None:
    with pytest.raises(resolver_edit.TooDetailed):
        add_link(session, PATH + rest)


def test_a_link_of_one_piece_names_gtin_and_serial(session: Session) -> None:
    assert add_link(session, f"{PATH}/21/S1").anchor == f"{PATH}/21/S1"


def test_there_is_one_default_at_a_time(session: Session) -> None:
    first = add_link(session, PATH, default=True)
    with pytest.raises(resolver_edit.SecondDefault):
        add_link(session, PATH, default=True)
    add_link(session, f"{PATH}/10/L1", default=True)
    resolver_edit.end(session, first.id, **BY_NOBODY)
    assert add_link(session, PATH, default=True).is_default


def test_the_database_itself_refuses_a_second_default(session: Session) -> None:
    first = add_link(session, PATH, default=True)
    more = {"link_type": "pip", "href": first.href, "title": "x", "created_at": NOW}
    session.add(ResolverLink(anchor=PATH, is_default=True, **more))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_itself_refuses_what_is_not_https(session: Session) -> None:
    more = {"link_type": "pip", "title": "x", "created_at": NOW}
    session.add(ResolverLink(anchor=PATH, href="http://example.vn", **more))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_link_holds_on_its_days_only(session: Session) -> None:
    add_link(session, PATH, valid_from=TODAY, valid_to=TODAY)
    days = [TODAY + timedelta(days=n) for n in (-1, 0, 1)]
    assert [len(in_force(session, day)) for day in days] == [0, 1, 0]


def test_a_link_that_ended_stays_on_record(session: Session) -> None:
    link = add_link(session, PATH)
    resolver_edit.end(session, link.id, **BY_NOBODY)
    assert in_force(session) == []
    assert session.get_one(ResolverLink, link.id).ended_at == NOW
    with pytest.raises(resolver_edit.UnknownLink):
        resolver_edit.end(session, link.id, **BY_NOBODY)


def test_links_are_found_by_number_title_and_address(session: Session) -> None:
    add_link(session, PATH, title="Giấy 100%")
    add_link(session, f"/417/{gs1.demo_gtin(3)}", href="https://other.vn/")
    assert len(resolver_edit.shown(session, "")) == 2
    for text, found in (("0952", 1), ("100%", 1), ("OTHER", 1), ("_", 0)):
        assert len(resolver_edit.shown(session, text)) == found
