"""What staff write for the home page and the news, turned into domain values."""

from dataclasses import fields
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.content.blocks import Content
from app.content.models import Block, BlockKind
from app.content.news import Words
from app.core.forms import MAX_LONG_TEXT, MAX_TEXT, Form

MAX_BODY = 20_000
_LONG = _l("This is too long.")
_TITLES = ("title_vi", "title_en")
_WORDS = (*_TITLES, "body_vi", "body_en")
_OPTIONS = ("link", "link_vi", "link_en", "producer", "place", "begins", "ends")
_DAYS = ("begins", "ends")

_NEWS = tuple(field.name for field in fields(Words))

# The fields of each kind, besides the days it is shown.
FIELDS: dict[BlockKind, tuple[str, ...]] = {
    BlockKind.OPENING: (*_WORDS, "link", "link_vi", "link_en"),
    BlockKind.STORY: (*_TITLES, "producer"),
    BlockKind.FAIR: (*_WORDS, "place", "begins", "ends"),
    BlockKind.TEXT: _WORDS,
}


def _line(label: Any, *more: Any) -> StringField:
    return StringField(label, validators=[*more, Length(max=MAX_TEXT, message=_LONG)])


def _text(label: Any, most: int, *more: Any) -> TextAreaField:
    return TextAreaField(label, validators=[*more, Length(max=most, message=_LONG)])


class BlockForm(Form):
    """A block of any kind; `for_kind` leaves only the fields of one."""

    title_vi = _line(_l("Headline in Vietnamese"), Optional())
    title_en = _line(_l("Headline in English"), Optional())
    body_vi = _text(_l("Text in Vietnamese"), MAX_LONG_TEXT, Optional())
    body_en = _text(_l("Text in English"), MAX_LONG_TEXT, Optional())
    link = _line(_l("Button leads to"), Optional())
    link_vi = _line(_l("Button in Vietnamese"), Optional())
    link_en = _line(_l("Button in English"), Optional())
    producer = SelectField(_l("Producer"))
    place = _line(_l("Place"), Optional())
    begins = DateField(_l("First day of the fair"), validators=[Optional()])
    ends = DateField(_l("Last day of the fair"), validators=[Optional()])
    shown_from = DateField(_l("Show from"), validators=[Optional()])
    shown_until = DateField(_l("Show through"), validators=[Optional()])

    @classmethod
    def for_kind(
        cls, kind: BlockKind, makers: dict[str, str], block: Block | None = None
    ) -> "BlockForm":
        """The form of a kind, filled from a block."""
        form = cls(obj=block, **_plain(block.options if block else {}))
        form.producer.choices = list(makers.items())
        kept = {*FIELDS.get(kind, _TITLES), "shown_from", "shown_until", "csrf_token"}
        for name in [field.name for field in form if field.name not in kept]:
            del form[name]
        return form

    def to_content(self) -> Content:
        """What was written; days among the options as text."""
        said = {field.name: field.data or None for field in self}
        options = {name: str(said[name]) for name in _OPTIONS if said.get(name)}
        words = {name: said.get(name) for name in (*_WORDS, "shown_from", "shown_until")}
        return Content(options=options, **words)


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    return {k: date.fromisoformat(v) if k in _DAYS else v for k, v in options.items()}


class NewsForm(Form):
    """A piece of news; texts are Markdown."""

    title_vi = _line(_l("Title in Vietnamese"), InputRequired(_l("Enter a title.")))
    title_en = _line(_l("Title in English"), Optional())
    summary_vi = _text(
        _l("Summary in Vietnamese"),
        400,
        InputRequired(_l("Say in two sentences what it is about.")),
    )
    summary_en = _text(_l("Summary in English"), 400, Optional())
    body_vi = _text(_l("Text in Vietnamese"), MAX_BODY, InputRequired(_l("Write the text.")))
    body_en = _text(_l("Text in English"), MAX_BODY, Optional())
    source_url = _line(_l("Address of the source"), Optional())

    def to_words(self) -> Words:
        """What was written."""
        said: dict[str, Any] = {name: self[name].data or None for name in _NEWS}
        return Words(**said)
