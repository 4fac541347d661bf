"""Whatever happens in whatever order, the books prove themselves after every step."""

from uuid import uuid4

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import db
from app.core.errors import DomainError
from builders import (
    NOW,
    TODAY,
    act,
    make_lot,
    make_place,
    make_product,
    make_sku,
    take_at_counter,
)
from pos.stock import goods, reservations
from pos.stock.models import Movement
from pos.stock.reservations import Wanted
from pos.stock.taking import Take
from pos.stock.verify import problems

TWO = st.integers(0, 1)
SOME = st.integers(1, 12)


class Books(RuleBasedStateMachine):
    """Two places, two articles with two lots each, and everything that can happen to them."""

    session: Session

    @initialize()
    def open_books(self) -> None:
        self.connection = db.active().engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint")
        product = make_product(self.session)
        self.skus = [make_sku(self.session, product) for _ in range(2)]
        self.lots = [[make_lot(self.session, sku) for _ in range(2)] for sku in self.skus]
        self.places = [make_place(self.session) for _ in range(2)]
        self.references: list[str] = []

    def attempt(self, verb: object, *arguments: object, **more: object) -> None:
        """Do it, or undo it all when it is refused, as a view does."""
        try:
            with self.session.begin_nested():
                verb(self.session, *arguments, **more)  # type: ignore[operator]
        except DomainError:
            self.session.expire_all()

    @rule(place=TWO, sku=TWO, lot=TWO, quantity=SOME)
    def receive(self, place: int, sku: int, lot: int, quantity: int) -> None:
        self.attempt(goods.receive, self.places[place], self.lots[sku][lot], quantity, act())

    @rule(place=TWO, wanted=st.lists(st.tuples(TWO, SOME), min_size=1, max_size=3))
    def hold(self, place: int, wanted: list[tuple[int, int]]) -> None:
        reference = f"order:{uuid4()}"
        lines = [Wanted(n, self.skus[sku].id, units) for n, (sku, units) in enumerate(wanted, 1)]
        where = self.places[place].id
        self.attempt(reservations.hold, reference, where, lines, day=TODAY, now=NOW)
        self.references.append(reference)

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        if self.references:
            reference = data.draw(st.sampled_from(self.references))
            self.attempt(reservations.release, reference, now=NOW)

    @rule(source=TWO, sku=TWO, lot=st.none() | TWO, quantity=SOME)
    def transfer(self, source: int, sku: int, lot: int | None, quantity: int) -> None:
        lot_id = None if lot is None else self.lots[sku][lot].id
        take = [Take(self.skus[sku].id, quantity, lot_id)]
        here, there = self.places[source], self.places[1 - source]
        self.attempt(goods.transfer, here, there, take, act(), day=TODAY)

    @rule(place=TWO, sku=TWO, quantity=SOME)
    def sell_as_a_fact(self, place: int, sku: int, quantity: int) -> None:
        # No refusal is accepted here: the customer has the goods.
        take_at_counter(self.session, self.places[place], self.skus[sku], quantity)

    @rule(place=TWO, sku=TWO, lot=TWO, quantity=SOME)
    def write_off(self, place: int, sku: int, lot: int, quantity: int) -> None:
        where, what = self.places[place], self.lots[sku][lot]
        self.attempt(goods.write_off, where, what, quantity, "vỡ", act())

    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        ids = self.session.scalars(select(Movement.id).order_by(Movement.id)).all()
        if ids:
            movement = self.session.get_one(Movement, data.draw(st.sampled_from(ids)))
            self.attempt(goods.reverse, movement, "nhầm", act())

    @invariant()
    def the_books_are_right(self) -> None:
        if hasattr(self, "outer"):
            assert problems(self.session) == []

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            self.session.close()
            self.outer.rollback()
            self.connection.close()


def test_the_books_prove_themselves_after_every_step(app: Flask) -> None:
    few = settings(
        max_examples=25,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Books, settings=few)
