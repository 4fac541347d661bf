"""Who issues invoices in this installation, and who sells, from its settings."""

from dataclasses import dataclass
from datetime import date

from app.config import Settings
from catalog.vat import Regime
from pos.invoicing.document import Seller
from pos.invoicing.providers.base import Provider
from pos.invoicing.providers.files import FOLDER, Files
from pos.invoicing.providers.null import Null


@dataclass(frozen=True)
class Setup:
    """Everything about invoices that an installation decides. Sales before `first` are left alone."""

    seller: Seller
    provider: Provider
    on: bool
    first: date | None


def setup(settings: Settings) -> Setup:
    """How this installation issues invoices."""
    on = settings.einvoice == "file"
    folder = settings.instance_dir / FOLDER
    return Setup(
        seller=seller(settings),
        provider=Files(folder, settings.einvoice_letters) if on else Null(),
        on=on,
        first=settings.einvoice_from,
    )


def seller(settings: Settings) -> Seller:
    """The seller of record."""
    return Seller(
        name=settings.shop_owner or settings.shop_name,
        address=settings.shop_address,
        tax_code=settings.shop_tax_code,
        phone=settings.shop_phone,
        regime=Regime.parse(settings.vat_regime) if settings.vat_regime else None,
    )
