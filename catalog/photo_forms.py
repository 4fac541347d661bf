"""Forms about what surrounds a product: photographs, links to other shops."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import MAX_TEXT, Form
from catalog.channels import MOST_LETTERS
from catalog.photos import Alt

_SHORT = Length(max=MAX_TEXT)


class AltForm(Form):
    """What a photograph shows, for those who cannot see it."""

    alt_vi = StringField(
        _l("What the photograph shows (Vietnamese)"),
        validators=[InputRequired(_l("Say in Vietnamese what the photograph shows.")), _SHORT],
    )
    alt_en = StringField(_l("The same in English"), validators=[_SHORT])

    def to_alt(self) -> Alt:
        """What was entered."""
        return Alt(self.alt_vi.data, self.alt_en.data or None)


class PhotoForm(AltForm):
    """A photograph with its words."""

    file = FileField(
        _l("Photograph"),
        description=_l("JPEG, PNG or WebP, at most 5 MB; 1280 pixels wide or more looks best."),
        validators=[FileRequired(_l("Choose a photograph."))],
    )


class LinkForm(Form):
    """The page of the product in another shop."""

    url = StringField(
        _l("Address of the page"),
        validators=[InputRequired(_l("Enter the address.")), Length(max=MOST_LETTERS)],
    )
