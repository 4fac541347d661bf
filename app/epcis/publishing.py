"""The worker's part: whatever happened since the last round is written into the repository."""

from sqlalchemy.orm import Session

from app.epcis import of_journal, of_movements, of_stamps
from app.epcis.names import Names
from traceability.issued import KeyMissing, Keys


def publish(session: Session, base_url: str, keys: Keys) -> int:
    """Write events of new facts; returns how many. Running again writes nothing twice.

    Without the key of a batch its stamps cannot be named; then stamps wait, the rest goes on.
    """
    names = Names(base_url)
    written = of_journal.publish(session, names) + of_movements.publish(session, names)
    try:
        return written + of_stamps.publish(session, names, keys)
    except KeyMissing:
        return written
