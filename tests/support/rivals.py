"""A process of buyers who all want the same goods, online or at the counter. Run as a program:

python -m support.rivals <job as JSON>, which prints one line for each outcome as soon as it is known.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID, uuid4

from app.config import DEMO_STAMP_KEY
from app.core import db
from app.core.db import transaction
from app.core.errors import DomainError
from pos.counter import posting
from pos.counter.models import TillSession
from pos.counter.posting import Sale, SaleLine
from pos.sales import placing
from pos.sales.lines import Item
from pos.sales.placing import Contact, Terms
from pos.sales.status import Delivery, Tender
from pos.stock import places

THREADS = 8


def online(job: dict[str, str], number: int, now: datetime) -> str:
    """One buyer of the online shop; "placed" or the code of a polite refusal."""
    try:
        with transaction() as session:
            contact = Contact(f"Người mua {number}", "+84912345678", address="Phố Hiến")
            source = places.get(session, UUID(job["place"]))
            terms = Terms(Delivery.SHIP, source, Tender.ON_DELIVERY)
            items = [Item(UUID(job["sku"]), 1)]
            placing.place(session, items, contact, terms, now=now, randomness=os.urandom)
    except DomainError as error:
        return error.code
    return "placed"


def at_the_counter(job: dict[str, str], _number: int, now: datetime) -> str:
    """One customer with a pack in the hand: this sale is never refused."""
    with transaction() as session:
        session_row = session.get_one(TillSession, UUID(job["till"]))
        till = posting.Till(
            session_row.register, session_row, UUID(job["cashier"]), 1_000, {1: DEMO_STAMP_KEY}
        )
        lines = (SaleLine(UUID(job["sku"]), 1, 125_000),)
        posting.accept(session, till, Sale(str(uuid4()), lines, 200_000, now), now=now)
    return "sold"


def main(job: dict[str, str]) -> None:
    db.use(db.Database(job["url"], pool_size=THREADS))
    now, count = datetime.fromisoformat(job["now"]), int(job["count"])
    act = at_the_counter if job["kind"] == "till" else online
    time.sleep(max(0.0, float(job["start"]) - time.time()))

    def one(number: int) -> None:
        os.write(1, f"{act(job, number, now)}\n".encode())  # one write: lines never mix

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(count)))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
