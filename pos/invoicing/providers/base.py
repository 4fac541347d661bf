"""What the shop asks of whoever issues its invoices. Calls may go over the network: never make one
inside a transaction."""

from dataclasses import dataclass
from typing import Protocol

from app.core.errors import Conflict
from app.core.text import N_
from app.core.types import Json


class InvoicesDown(Conflict):
    """No answer, or not now. Asking again with the same key is safe."""

    code = "invoices_down"
    message = N_("The invoice provider does not answer at the moment. It is asked again by itself.")


class InvoiceRefused(Conflict):
    """The provider has understood and says no: the data must be mended."""

    code = "invoice_refused"
    message = N_("The invoice provider has refused this: %(why)s")


@dataclass(frozen=True)
class Ask:
    """One document to issue. Asks with the same `key` are the same invoice, however often they come.

    `symbol` and `number` are set when the shop numbers its invoices itself.
    """

    key: str
    document: Json
    symbol: str | None
    number: int | None


@dataclass(frozen=True)
class Answer:
    """An issued invoice. `tax_code` is the tax authority's code, where there is one."""

    symbol: str
    number: int
    tax_code: str | None = None
    lookup_url: str | None = None


class Provider(Protocol):
    """Who issues. Both methods raise `InvoicesDown`; `issue` raises `InvoiceRefused`, too."""

    @property
    def name(self) -> str:
        """How it is known in the books."""

    @property
    def ready(self) -> bool:
        """Whether anything can be issued; while not, invoices wait in the queue."""

    @property
    def letters(self) -> str | None:
        """The seller's two letters at the end of the symbol; None: the provider numbers itself."""

    def issue(self, ask: Ask) -> Answer:
        """Issue it, or say again what was answered to this key."""

    def look(self, ask: Ask) -> Answer | None:
        """What came of an ask whose answer was lost; None: nothing is known of it."""
