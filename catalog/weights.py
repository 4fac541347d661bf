"""What goods weigh. Grams, packing not included. Pure."""

from dataclasses import dataclass

from catalog.models import Sku, Unit


@dataclass(frozen=True)
class Weighed:
    """Facts from which the weight of one base unit follows, if it is known at all."""

    unit: Unit
    weight: int | None
    net_content: int | None
    net_unit: Unit | None

    @property
    def grams(self) -> int | None:
        """Grams of one base unit: as staff entered it, else the net content, a millilitre as a gram.

        Goods counted by the gram or millilitre weigh what they count. None when nothing says it.
        """
        if self.unit is not Unit.PIECE:
            return 1
        if self.weight is not None:
            return self.weight
        return self.net_content if self.net_unit in {Unit.GRAM, Unit.MILLILITRE} else None


def of(sku: Sku) -> int | None:
    """Grams of one base unit of the article; None when nothing says it."""
    return Weighed(sku.unit, sku.weight, sku.net_content, sku.net_unit).grams
