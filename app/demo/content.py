"""Blocks of the home page and news of the demonstration, marked as made up."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.content import blocks, news
from app.content.blocks import Content
from app.content.models import BlockKind
from app.content.news import Words
from app.core.clock import local_day

FAIR = "Hội chợ OCOP cuối năm (Minh hoạ)"


def load(session: Session, *, now: datetime, actor_id: UUID | None) -> None:
    """Season, new stars, a fair and news after the default blocks."""
    begins = local_day(now) + timedelta(days=10)
    fair = {
        "place": "Quảng trường Phố Hiến (Minh hoạ)",
        "begins": begins.isoformat(),
        "ends": (begins + timedelta(days=2)).isoformat(),
    }
    text = "Minh hoạ: **không phải** sự kiện có thật."
    for kind, content in (
        (BlockKind.SEASON, Content()),
        (BlockKind.NEW_STARS, Content()),
        (BlockKind.FAIR, Content(title_vi=FAIR, body_vi=text, options=fair)),
        (BlockKind.NEWS, Content()),
        (BlockKind.SHELVES, Content()),
    ):
        blocks.add(session, kind, content, now=now, actor_id=actor_id)
    for words in _news():
        item = news.draft(session, words, now=now, actor_id=actor_id)
        news.publish(session, item, now=now, actor_id=actor_id)


def _news() -> tuple[Words, ...]:
    told = (
        "Bản tin này là **minh hoạ** để xem trang tin trông ra sao; không có sự kiện nào như vậy."
    )
    return (
        Words("Minh hoạ: mở điểm bán mới", "Tin minh hoạ về một điểm bán.", told),
        Words("Minh hoạ: lịch giao hàng dịp Tết", "Tin minh hoạ về lịch giao hàng.", told),
    )
