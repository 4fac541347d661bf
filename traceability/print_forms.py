"""Forms for prints. Numbers of stamps are counted from 1 here, as people count."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange

from app.core.errors import DomainError
from app.core.forms import Form
from traceability.print_models import PrintKind
from traceability.printing.layouts import DEFAULT, Layout
from traceability.prints import Wish

FLAGS = ("note", "pin", "header", "cover", "marks")


def _required() -> InputRequired:
    return InputRequired(_l("Please fill this in."))


def _whole(most: int) -> NumberRange:
    return NumberRange(1, most, _l("Enter a whole number above zero."))


class _Form(Form):
    def refuse(self, error: DomainError) -> None:
        """Say above the fields why the act was refused."""
        self.form_errors.append(_(error.message, **error.params))


class PrintForm(_Form):
    """Which stamps, and how they lie on paper."""

    first = IntegerField(_l("From number"), [_required(), _whole(2**24)])
    count = IntegerField(_l("How many"), [_required(), _whole(2**24)])
    kind = SelectField(_l("File"), [_required()])
    layout = SelectField(_l("Layout of the sheets"), [_required()])
    paths = BooleanField(_l("Draw symbols as paths, for printing houses that ask for it"))

    def __init__(self, known: Mapping[str, Layout], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = known
        self.kind.choices = [(kind.value, _(kind.label)) for kind in PrintKind]
        self.layout.choices = [(name, shown(layout)) for name, layout in known.items()]
        self.layout.data = self.layout.data or DEFAULT

    def to_wish(self) -> Wish:
        """What is asked for, counted from 0."""
        layout = self._known[self.layout.data]
        kind = PrintKind.parse(self.kind.data)
        return Wish(kind, layout, self.first.data - 1, self.count.data, bool(self.paths.data))


def shown(layout: Layout) -> str:
    """A layout in one line: what people choose by."""
    width, height = layout.paper
    parts = [
        _("%(side)s mm", side=f"{layout.symbol:g}"),
        _("%(n)s on a page of %(size)s mm", n=layout.per_page, size=f"{width:g} × {height:g}"),
        _("with name and stars") if layout.note else "",
        _("with a code to scratch free") if layout.pin else "",
    ]
    return f"{layout.name}: " + ", ".join(str(part) for part in parts if part)


class LayoutForm(_Form):
    """A layout of one's own. Lengths in mm."""

    name = StringField(
        _l("Name"), [_required()], description=_l("Small letters, digits and dashes.")
    )
    paper_width = DecimalField(_l("Width of the paper (mm)"), [_required()])
    paper_height = DecimalField(_l("Height of the paper (mm)"), [_required()])
    columns = IntegerField(_l("Stamps in a row"), [_required(), _whole(200)])
    rows = IntegerField(_l("Rows"), [_required(), _whole(200)])
    cell_width = DecimalField(_l("Width of a stamp (mm)"), [_required()])
    cell_height = DecimalField(_l("Height of a stamp (mm)"), [_required()])
    symbol = DecimalField(_l("Side of the square code, with its white margin (mm)"), [_required()])
    text = DecimalField(_l("Size of the serial (points)"), [_required()])
    note = BooleanField(_l("Name and stars below"))
    pin = BooleanField(_l("A field to scratch free"))
    header = BooleanField(_l("A header on every page"))
    cover = BooleanField(_l("A cover page"))
    marks = BooleanField(_l("Cutting marks"))

    def to_data(self) -> dict[str, Any]:
        """The layout as data, still to be checked."""
        flags = {name: bool(self[name].data) for name in FLAGS}
        return flags | {
            "name": self.name.data,
            "paper": [float(self.paper_width.data), float(self.paper_height.data)],
            "cell": [float(self.cell_width.data), float(self.cell_height.data)],
            "columns": self.columns.data,
            "rows": self.rows.data,
            "symbol": float(self.symbol.data),
            "text": float(self.text.data),
        }

    @staticmethod
    def values_of(layout: Layout) -> dict[str, Any]:
        """A layout to begin with."""
        data = layout.to_data()
        (width, height), (cell_width, cell_height) = layout.paper, layout.cell
        sizes = {"paper_width": width, "paper_height": height}
        return data | sizes | {"cell_width": cell_width, "cell_height": cell_height}
