"""The trail and its filters."""

from sqlalchemy.orm import Session

from app.accounts import audit
from builders import NOW, make_user


def fill(session: Session) -> None:
    lan, minh = make_user(session, name="Lan"), make_user(session, name="Minh")
    for actor, kind, key in ((lan, "sku", "1"), (minh, "sku", "2"), (lan, "lot", "1")):
        audit.record(session, f"{kind}.set", (kind, key), actor_id=actor.id, now=NOW)
    audit.record(session, "lot.sweep", ("lot", "2"), actor_id=None, now=NOW, detail={"n": 1})
    session.flush()


def actions(session: Session, **wanted: str) -> list[str]:
    found = audit.lines(session, 1, **wanted)
    assert found.total == len(found.items)
    return [f"{line.entry.action} {line.entry.object_id}" for line in found.items]


def test_the_newest_entry_comes_first(session: Session) -> None:
    fill(session)
    assert actions(session)[:3] == ["lot.sweep 2", "lot.set 1", "sku.set 2"]


def test_filters_join(session: Session) -> None:
    fill(session)
    assert actions(session, object_type="sku") == ["sku.set 2", "sku.set 1"]
    assert actions(session, object_type="lot", object_id="1") == ["lot.set 1"]
    assert actions(session, actor="LAN") == ["lot.set 1", "sku.set 1"]
    assert actions(session, actor="nobody of this name") == []


def test_a_job_has_no_name(session: Session) -> None:
    fill(session)
    first = audit.lines(session, 1).items[0]
    assert (first.actor, first.entry.detail) == (None, {"n": 1})


def test_kinds_are_listed_once(session: Session) -> None:
    fill(session)
    assert list(audit.object_types(session)) == ["lot", "sku", "user"]


def test_pages_do_not_overlap(session: Session) -> None:
    for number in range(audit.PAGE_SIZE + 1):
        audit.record(session, "x.y", ("x", number), actor_id=None, now=NOW)
    session.flush()
    first, second = audit.lines(session, 1), audit.lines(session, 2)
    assert (len(first.items), len(second.items), first.pages) == (audit.PAGE_SIZE, 1, 2)
    assert second.items[0].entry.object_id == "0"
