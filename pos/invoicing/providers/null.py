"""Nobody issues invoices: what is asked for waits."""

from pos.invoicing.providers.base import Answer, Ask, InvoicesDown


class Null:
    """E-invoices are off."""

    name = "off"
    ready = False
    letters: str | None = None

    def issue(self, ask: Ask) -> Answer:
        """Nothing is issued until a provider is set up."""
        raise InvoicesDown

    def look(self, ask: Ask) -> Answer | None:
        """Nothing was ever issued here."""
        return None
