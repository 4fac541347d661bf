from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, make_lot, make_sku
from traceability import journal
from traceability.models import JournalEntry, JournalKind, Lot


def lot_with_history(session: Session) -> Lot:
    lot = make_lot(session, make_sku(session))
    for days, said in enumerate(("Đạt", "Đóng gói 500 g", "Nhập kho")):
        at = NOW - timedelta(days=3 - days)
        kind = JournalKind.INSPECTED
        journal.append(session, lot, kind, occurred_at=at, text=said, **BY_NOBODY)
    return lot


def history(session: Session, lot: Lot) -> list[JournalEntry]:
    return list(journal.entries(session, lot.id, public_only=False))


def test_entries_are_numbered_and_chained(session: Session) -> None:
    chain = history(session, lot_with_history(session))
    assert [entry.number for entry in chain] == [1, 2, 3, 4, 5]
    assert chain[0].previous_hash == journal.FIRST
    assert [entry.previous_hash for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]
    assert journal.first_broken(chain) is None


def test_a_chain_read_back_from_the_database_still_fits(session: Session) -> None:
    lot = lot_with_history(session)
    session.expire_all()
    assert journal.first_broken(history(session, lot)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Không đạt"},
        {"place": "nơi khác"},
        {"public": False},
        {"occurred_at": NOW},
        {"kind": JournalKind.NOTE},
        {"number": 9},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_found(session: Session, change: dict[str, object]) -> None:
    chain = history(session, lot_with_history(session))
    with session.no_autoflush:
        for name, value in change.items():
            setattr(chain[2], name, value)
        assert journal.first_broken(chain) is chain[2]


def test_a_missing_entry_is_found(session: Session) -> None:
    chain = history(session, lot_with_history(session))
    assert journal.first_broken([*chain[:2], *chain[3:]]) is chain[3]


def test_an_entry_with_a_hash_of_its_own_is_found_by_the_next(session: Session) -> None:
    chain = history(session, lot_with_history(session))
    with session.no_autoflush:
        chain[2].text = "Không đạt"
        chain[2].hash = journal.hash_of(chain[2])
        assert journal.first_broken(chain) is chain[3]


def test_what_is_not_public_is_left_out(session: Session) -> None:
    lot = lot_with_history(session)
    journal.append(
        session, lot, JournalKind.NOTE, occurred_at=NOW, text="nội bộ", public=False, **BY_NOBODY
    )
    public = journal.entries(session, lot.id, public_only=True)
    assert [entry.text for entry in public][-1] == "Nhập kho"


@pytest.mark.parametrize(
    "statement", ["UPDATE journal_entry SET text = 'x'", "DELETE FROM journal_entry"]
)
def test_the_database_itself_refuses_to_rewrite_history(session: Session, statement: str) -> None:
    lot_with_history(session)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


def test_an_entry_that_is_not_shown_any_more_stays_and_its_chain_is_whole(
    session: Session,
) -> None:
    lot = make_lot(session, make_sku(session))
    journal.show(session, lot.id, 1, public=False, **BY_NOBODY)
    assert [e.number for e in journal.entries(session, lot.id, public_only=True)] == [2]
    chain = journal.entries(session, lot.id, public_only=False)
    assert journal.first_broken(chain) is None
    assert journal.hidden(session, lot.id) == {1}
    journal.show(session, lot.id, 1, public=True, **BY_NOBODY)
    assert len(journal.entries(session, lot.id, public_only=True)) == 2


def test_a_correction_names_an_entry_that_exists(session: Session) -> None:
    lot = make_lot(session, make_sku(session))
    kind, how = JournalKind.CORRECTION, {"occurred_at": NOW, "text": "Ngày 20", **BY_NOBODY}
    entry = journal.append(session, lot, kind, corrects=1, **how)
    assert entry.corrects == 1
    with pytest.raises(journal.UnknownEntry):
        journal.append(session, lot, kind, corrects=9, **how)


def test_the_digest_of_a_file_is_part_of_the_entry(session: Session) -> None:
    lot = make_lot(session, make_sku(session))
    paper = journal.FileOfEntry("ab" * 32, "application/pdf", "kiem-nghiem.pdf")
    how = {"occurred_at": NOW, "files": [paper], **BY_NOBODY}
    entry = journal.append(session, lot, JournalKind.INSPECTED, **how)
    assert journal.file_of(session, lot.id, "ab" * 32, public_only=True).name == paper.name
    assert journal.hash_of(entry) == entry.hash
    with session.no_autoflush:
        entry.file_hashes = "cd" * 32
        assert journal.hash_of(entry) != entry.hash
        session.expire(entry)
