"""The JSON that tills send, and how it becomes a sale. Unknown fields and wrong types are refused."""

from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from app.core.errors import Rejected
from app.core.text import N_
from pos.counter.posting import Sale, SaleLine
from pos.counter.sessions import MAX_CASH
from pos.sales.lines import MAX_QUANTITY

MAX_LINES = 200

Money = Annotated[int, Field(strict=True, ge=0, le=MAX_CASH)]
Quantity = Annotated[int, Field(strict=True, ge=1, le=MAX_QUANTITY)]
Serial = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9A-Z]{1,40}$")]
B = TypeVar("B", bound=BaseModel)


class BadInput(Rejected):
    """A field is missing, of another type or out of bounds; `detail` lists all of them."""

    code = "bad_input"
    message = N_("The till sent something unreadable: %(field)s.")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LineBody(_Body):
    """One line of a sale."""

    sku_id: UUID
    quantity: Quantity
    unit_price: Money
    lot_id: UUID | None = None
    serials: Annotated[tuple[Serial, ...], Field(max_length=MAX_QUANTITY)] = ()


class SaleBody(_Body):
    """One sale. `sold_at` is the till's time with its zone."""

    session: UUID
    key: UUID
    lines: Annotated[tuple[LineBody, ...], Field(min_length=1, max_length=MAX_LINES)]
    tendered: Money
    sold_at: AwareDatetime

    def to_sale(self) -> Sale:
        """The sale as the verbs know it."""
        lines = tuple(
            SaleLine(line.sku_id, line.quantity, line.unit_price, line.lot_id, line.serials)
            for line in self.lines
        )
        return Sale(str(self.key), lines, self.tendered, self.sold_at)


class Asked(_Body):
    """What the look-ups of a till have in common: the session they are made in."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    session: UUID
    code: Annotated[str, StringConstraints(max_length=500)] = ""
    q: Annotated[str, StringConstraints(max_length=200)] = ""


def read(model: type[B], data: object) -> B:
    """`data` as `model`. Raises `BadInput` naming the first wrong field."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = [
            {"field": ".".join(map(str, item["loc"])) or "body", "problem": item["type"]}
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise BadInput(field=found[0]["field"], detail=found) from error
