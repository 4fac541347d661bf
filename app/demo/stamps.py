"""What became of the stamps of the demonstration: scans, cases, doubts, recalls, anchors; made up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import local_day, local_midnight
from app.demo.stock import Setting
from pos.recalls import acting, reach
from traceability import anchors, cases, doubts, journal, recalls, scans, serials
from traceability.cells import Cell, cell_at
from traceability.doubts import Told
from traceability.history_models import Recall, RecallKind
from traceability.issued import key_of
from traceability.models import JournalKind, StampBatch, StampItem
from traceability.recalls import Target, Words
from traceability.scan_models import CaseStatus, StampCase
from traceability.scans import Sighting, Verdict

COPIED = 250  # of the third batch: the stamp that was perhaps copied
CLEARED = 251  # of the fifth: one that hung beside a tasting table
UNSOLD = range(200, 240)
UNUSED = 380  # never put into use
HONEST, ANCHORS = 60, 5

HOME: Sequence[Cell] = tuple(
    cell_at(*point)
    for point in ((20.65, 106.05), (20.78, 106.05), (20.92, 106.15), (20.45, 106.35))
)
AWAY: Mapping[str, Cell] = {
    "Hà Nội": cell_at(21.03, 105.85),
    "Hải Phòng": cell_at(20.86, 106.68),
    "Đà Nẵng": cell_at(16.07, 108.22),
    "TP. Hồ Chí Minh": cell_at(10.78, 106.7),
}
REASON = "Minh hoạ: phát hiện bao bì hở, đề nghị trả lại nơi mua."
ADVICE = "Minh hoạ: không dùng, giữ nguyên gói hàng và mang trả lại điểm bán nơi đã mua."
DRILL = "Minh hoạ: diễn tập thu hồi theo kế hoạch quý."


@dataclass(frozen=True)
class _Watch:
    """Scans are written down as they would have been."""

    session: Session
    at: Setting
    random: Random

    def serial(self, batch: StampBatch, number: int) -> str:
        key = key_of(batch, self.at.keys)
        return serials.serial_for(key, batch.identity, batch.ref, number)

    def scan(self, code: str, moment: datetime, cell: Cell | None = None) -> Verdict:
        """Somebody else's phone each time."""
        who = Sighting(self.random.randbytes(8).hex(), cell)
        return self.look(code, min(moment, self.at.now), who)

    def look(self, code: str, moment: datetime, who: Sighting | None = None) -> Verdict:
        day, keys = local_day(moment), self.at.keys
        return scans.look_up(self.session, code, day=day, now=moment, keys=keys, sighting=who)

    def ago(self, days: float) -> datetime:
        """Some time of the shop's day so many days ago."""
        opening = local_midnight(local_day(self.at.now - timedelta(days=days)))
        return opening + timedelta(hours=8, minutes=self.random.randint(0, 600))


def load(
    session: Session, batches: Sequence[StampBatch], anchor_key: bytes | None, at: Setting
) -> None:
    """Tell a month of scans and what followed from them; recall a lot that was sold."""
    watch = _Watch(session, at, Random(34))  # noqa: S311  # nosec B311
    old = [batch for batch in batches if _made_before(batch, at)]
    for batch in old:
        _tell_more(session, batch, at)
    _honest(watch, old)
    _copied(watch, old[2])
    _cleared(watch, old[4])
    watch.scan(watch.serial(old[6], UNUSED), watch.ago(2), HOME[0])
    watch.scan("0" * serials.LENGTH, watch.ago(4))
    _doubts(watch, old)
    _recalls(session, old, at)
    for back in range(ANCHORS if anchor_key else 0, 0, -1):
        day = at.day - timedelta(days=back)
        night = datetime.combine(day + timedelta(days=1), time(0, 5), local_midnight(day).tzinfo)
        anchors.make(session, day, anchor_key or b"", now=night)


def _made_before(batch: StampBatch, at: Setting) -> bool:
    """Fresh goods of the demonstration are younger than its trade, which would look wrong here."""
    made_on = batch.lot.made_on
    return made_on is not None and made_on + timedelta(days=3) <= local_day(at.start)


def _tell_more(session: Session, batch: StampBatch, at: Setting) -> None:
    """What the maker wrote into the history of the lot."""
    made_on = batch.lot.made_on or at.day
    for kind, after, text in (
        (JournalKind.INSPECTED, 1, "Minh hoạ: kiểm tra cảm quan trước khi đóng gói"),
        (JournalKind.PACKED, 2, "Minh hoạ: đóng gói, dán tem"),
    ):
        occurred = local_midnight(made_on + timedelta(days=after)) + timedelta(hours=9)
        journal.append(
            session,
            batch.lot,
            kind,
            occurred_at=occurred,
            text=text,
            now=at.start,
            actor_id=at.actor_id,
        )


def _honest(watch: _Watch, batches: Sequence[StampBatch]) -> None:
    """Buyers at home, and people before the shelf; half of them tell about where."""
    sold = _sold(watch.session, {batch.id: batch for batch in batches})
    for batch, number, sold_at in sold[:: max(1, len(sold) // HONEST)]:
        later = sold_at + timedelta(hours=watch.random.randint(1, 96))
        watch.scan(watch.serial(batch, number), later, watch.random.choice((*HOME, None, None)))
    for number in UNSOLD:
        batch = watch.random.choice(batches)
        moment = watch.ago(watch.random.randint(0, 29))
        watch.scan(watch.serial(batch, number), moment, watch.random.choice((*HOME, None)))


def _sold(
    session: Session, batches: Mapping[UUID, StampBatch]
) -> list[tuple[StampBatch, int, datetime]]:
    query = (
        select(StampItem.batch_id, StampItem.number, StampItem.sold_at)
        .join(StampBatch, StampBatch.id == StampItem.batch_id)
        .where(StampItem.sold_at.is_not(None), StampItem.batch_id.in_(batches))
        .order_by(StampItem.sold_at, StampBatch.ref, StampItem.number)
    )
    return [(batches[key], number, at) for key, number, at in session.execute(query) if at]


def _copied(watch: _Watch, batch: StampBatch) -> None:
    """One code on many phones, in cities far apart; nobody has looked into it yet."""
    code = watch.serial(batch, COPIED)
    seen = (*HOME[:2], *AWAY.values(), *AWAY.values())
    for back, cell in zip(range(len(seen), 0, -1), seen, strict=True):
        watch.scan(code, watch.ago(back), cell)


def _cleared(watch: _Watch, batch: StampBatch) -> None:
    """Many phones as well, but at one place and for a reason."""
    code, session, at = watch.serial(batch, CLEARED), watch.session, watch.at
    for _phone in range(9):
        watch.scan(code, watch.ago(12), HOME[0])
    case = session.scalars(select(StampCase).filter_by(batch_id=batch.id, number=CLEARED)).one()
    note = "Minh hoạ: gói mẫu ở bàn nếm thử, khách quét tem tại chỗ."
    moment, dismissed = watch.ago(11), CaseStatus.DISMISSED
    cases.move(session, case, dismissed, note=note, now=moment, actor_id=at.actor_id)


def _doubts(watch: _Watch, batches: Sequence[StampBatch]) -> None:
    """Two reports, one of them answered."""
    new = "Minh hoạ: tem bị mờ, màu khác với hộp tôi mua lần trước."
    old = "Minh hoạ: quét ra lô khác với số lô in trên hộp."
    _tell(watch, batches[2], COPIED, new, "Chợ gần bến xe, TP. Hồ Chí Minh", 1)
    answered = _tell(watch, batches[5], UNSOLD[3], old, "Điểm bán ở hội chợ", 9)
    answer = "Minh hoạ: cảm ơn bạn. Hộp được dán nhầm tem của lô kế bên; cơ sở đã dán lại."
    moment, actor = watch.ago(8), watch.at.actor_id
    found = doubts.by_ref(watch.session, answered)
    doubts.answer(watch.session, found, answer, now=moment, actor_id=actor)


def _tell(watch: _Watch, batch: StampBatch, number: int, text: str, where: str, back: int) -> str:
    moment, code = watch.ago(back), watch.serial(batch, number)
    verdict = watch.look(code, moment)
    told = Told(f"demo:{batch.ref}:{number}", code, text, where, None, "vi")
    return doubts.tell(
        watch.session,
        told,
        verdict.kind,
        verdict.stamp,
        (),
        now=moment,
        randomness=watch.random.randbytes,
    ).ref


def _recalls(session: Session, batches: Sequence[StampBatch], at: Setting) -> None:
    """A drill some weeks ago, and a recall this morning of which one place has answered."""
    then = at.now - timedelta(days=min(20, (at.now - at.start).days))
    drill = _recall(session, batches[7], RecallKind.DRILL, Words(DRILL), then, at)
    outcome = "Minh hoạ: liệt kê đủ nơi giữ hàng và người mua trong 5 phút."
    recalls.close(session, drill, outcome, now=then, actor_id=at.actor_id)
    made = _recall(
        session, _bought(session, batches, at), RecallKind.REAL, Words(REASON, ADVICE), at.now, at
    )
    for held in acting.places_of(session, made.id)[-1:]:
        acting.confirm_place(
            session,
            made,
            held.place_id,
            held.expected,
            note="Minh hoạ: đã cất riêng",
            now=at.now,
            actor_id=at.actor_id,
        )


def _bought(session: Session, batches: Sequence[StampBatch], at: Setting) -> StampBatch:
    """The last batch whose goods have buyers that can be told, and that no order waits for."""
    for batch in reversed(batches):
        found = reach.of(session, Target(batch.lot), at.keys).summary
        if found["can_be_told"] and not found["reserved"]:
            return batch
    return batches[-1]


def _recall(
    session: Session,
    batch: StampBatch,
    kind: RecallKind,
    words: Words,
    now: datetime,
    at: Setting,
) -> Recall:
    key, target = f"demo:{kind.value}", Target(batch.lot)
    return acting.start(
        session, target, kind, words, key=key, keys=at.keys, now=now, actor_id=at.actor_id
    )
