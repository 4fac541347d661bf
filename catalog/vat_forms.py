"""The form for the VAT class of a product."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.core.forms import Form
from catalog.vat import FOR_PRODUCTS, VatClass


class VatForm(Form):
    """What the goods are to the VAT law."""

    vat_class = SelectField(
        _l("VAT class"),
        description=_l(
            "An accountant decides. Drying, peeling and packing may still be raw goods."
        ),
    )

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        known = {one.value: _(one.label) for one in FOR_PRODUCTS}
        self.vat_class.choices = {"": _("Not decided")} | known

    def to_class(self) -> VatClass | None:
        """The class; None: not decided."""
        return VatClass.parse(self.vat_class.data) if self.vat_class.data else None
