"""Blocks of the home page: added, changed, ordered, switched, removed; shown on their days."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.content import blocks
from app.content.blocks import Content
from app.content.models import Block, BlockKind
from builders import BY_NOBODY, TODAY, make_producer
from catalog.claims import HealthClaim

DAY = timedelta(days=1)


def a_text(session: Session, words: str = "Chào", **over: date) -> Block:
    return blocks.add(session, BlockKind.TEXT, Content(body_vi=words, **over), **BY_NOBODY)


def kinds(session: Session) -> list[BlockKind]:
    return [row.kind for row in blocks.in_order(session)]


def test_the_first_block_comes_after_the_default_set(session: Session) -> None:
    a_text(session)
    assert kinds(session) == [*blocks.DEFAULT, BlockKind.TEXT]
    a_text(session)
    assert kinds(session) == [*blocks.DEFAULT, BlockKind.TEXT, BlockKind.TEXT]


def test_a_block_moves_up_and_stops_at_the_edge(session: Session) -> None:
    block = a_text(session)
    for place in (2, 1, 0, 0):
        blocks.move(session, block, up=True, **BY_NOBODY)
        assert list(blocks.in_order(session)).index(block) == place
    blocks.move(session, block, up=False, **BY_NOBODY)
    assert kinds(session)[1] is BlockKind.TEXT


def test_a_block_is_shown_from_its_first_through_its_last_day(session: Session) -> None:
    block = a_text(session, shown_from=TODAY, shown_until=TODAY + DAY)
    days = [n for n in range(-1, 4) if block in blocks.shown_on([block], TODAY + n * DAY)]
    assert days == [0, 1]


def test_a_switched_off_block_is_shown_to_staff_alone(session: Session) -> None:
    block = a_text(session)
    blocks.switch(session, block, active=False, **BY_NOBODY)
    assert blocks.shown_on([block], TODAY) == []
    assert blocks.shown_on([block], TODAY, also_off=True) == [block]


def test_what_is_removed_is_gone_and_every_act_leaves_a_trace(session: Session) -> None:
    block = a_text(session)
    blocks.revise(session, block, Content(body_vi="Khác"), **BY_NOBODY)
    blocks.move(session, block, up=True, **BY_NOBODY)
    blocks.switch(session, block, active=False, **BY_NOBODY)
    blocks.remove(session, block, **BY_NOBODY)
    assert kinds(session) == list(blocks.DEFAULT)
    trail = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
    assert [a for a in trail if a.startswith("block.")] == [
        f"block.{what}" for what in ("add", "revise", "move", "switch", "remove")
    ]


def test_a_block_promises_no_healing(session: Session) -> None:
    with pytest.raises(HealthClaim):
        a_text(session, "Mật ong chữa bệnh dạ dày")


@pytest.mark.parametrize("kind", blocks.NEEDED)
def test_a_block_without_its_words_is_refused(session: Session, kind: BlockKind) -> None:
    with pytest.raises(blocks.MissingWords):
        blocks.add(session, kind, Content(), **BY_NOBODY)


def test_a_period_in_the_wrong_order_is_refused(session: Session) -> None:
    with pytest.raises(blocks.BadPeriod):
        a_text(session, shown_from=TODAY, shown_until=TODAY - DAY)


@pytest.mark.parametrize(
    ("link", "safe"),
    [
        ("/san-pham", True),
        ("https://ocop.gov.vn/x", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("javascript:alert(1)", False),
        ("http://ocop.gov.vn", False),
    ],
)
def test_a_button_leads_to_safe_places_only(link: str, safe: bool) -> None:
    assert blocks.is_safe_link(link) is safe


def test_a_story_needs_a_producer_that_has_one(session: Session) -> None:
    silent = make_producer(session)
    teller = make_producer(session, story_vi="Ba đời trồng nhãn.")
    with pytest.raises(blocks.UnknownMaker):
        blocks.add(
            session, BlockKind.STORY, Content(options={"producer": silent.slug}), **BY_NOBODY
        )
    told = Content(options={"producer": teller.slug})
    assert blocks.add(session, BlockKind.STORY, told, **BY_NOBODY).options == told.options
