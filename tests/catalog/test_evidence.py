"""Papers: verified is computed, and the file is what was filed."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from builders import BY_NOBODY, TODAY, make_product
from catalog import evidence
from catalog.evidence import Paper, PaperFile, PaperReversed, PaperState
from catalog.recognition_models import EvidenceKind

FILE = PaperFile("ab" * 32, "application/pdf", "vietgap.pdf")
WHOLE = Paper(
    EvidenceKind.VIETGAP,
    number="VietGAP-TT-13-05",
    issuer="VinaCert",
    issued_on=date(2025, 1, 5),
    valid_until=TODAY,
)


def state(session: Session, paper: Paper, file: PaperFile | None, day: date) -> PaperState:
    row = evidence.attach(
        session, make_product(session), paper, file, for_producer=False, **BY_NOBODY
    )
    return evidence.state_on(row, day)


def test_a_whole_paper_is_verified_until_its_last_day(session: Session) -> None:
    assert state(session, WHOLE, FILE, TODAY) is PaperState.VERIFIED
    assert state(session, WHOLE, FILE, TODAY + timedelta(days=1)) is PaperState.ENDED


def test_without_file_number_or_issuer_nothing_is_proven(session: Session) -> None:
    no_issuer = Paper(EvidenceKind.VIETGAP, number="1", issued_on=date(2025, 1, 5))
    assert state(session, WHOLE, None, TODAY) is PaperState.UNPROVEN
    assert state(session, no_issuer, FILE, TODAY) is PaperState.UNPROVEN


def test_a_paper_of_tomorrow_proves_nothing_today(session: Session) -> None:
    later = Paper(EvidenceKind.HACCP, "1", "SGS", issued_on=TODAY + timedelta(days=1))
    assert state(session, later, FILE, TODAY) is PaperState.UNPROVEN


def test_an_end_before_the_beginning_is_refused(session: Session) -> None:
    wrong = Paper(EvidenceKind.HACCP, issued_on=TODAY, valid_until=TODAY - timedelta(days=1))
    with pytest.raises(PaperReversed):
        state(session, wrong, FILE, TODAY)


def test_a_paper_of_the_producer_speaks_for_all_its_products(session: Session) -> None:
    one = make_product(session)
    other = make_product(session, producer=one.producer)
    row = evidence.attach(session, one, WHOLE, FILE, for_producer=True, **BY_NOBODY)
    assert evidence.of_product(session, other) == [row]
