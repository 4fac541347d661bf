"""Forms of promotions: terms, a reason to end, codes for one use each."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.clock import local_day, local_midnight
from app.core.forms import MAX_LONG_TEXT, MAX_TEXT, DongField, Form
from app.core.text import N_
from catalog.claim_forms import no_healing
from catalog.models import Category, PriceChannel, Producer
from pos.promotions import codes
from pos.promotions.bearers import Bearer
from pos.promotions.models import PromotionTerms
from pos.promotions.naming import Named
from pos.promotions.plan import MOST_DONG, MOST_UNITS, MOST_USES, Goods, Plan
from pos.promotions.rules import Kind
from pos.stock.models import Place

TENTH = 10  # permille in a percent
AUTOMATIC, ONE_CODE, MANY_CODES = "automatic", "code", "codes"
WAYS = {
    AUTOMATIC: N_("By itself"),
    ONE_CODE: N_("With one code for all"),
    MANY_CODES: N_("With many codes, each for one use"),
}


def _number(
    label: Any, least: int, most: int, *, needed: bool = False, **more: Any
) -> IntegerField:
    words = _l("Enter a whole number from %(a)s to %(b)s.", a=least, b=most)
    first = InputRequired(words) if needed else Optional()
    return IntegerField(label, validators=[first, NumberRange(least, most, words)], **more)


def _dong(label: Any, **more: Any) -> DongField:
    fits = NumberRange(1, MOST_DONG, _l("Enter a whole number of đồng, such as 125.000."))
    return DongField(label, validators=[Optional(), fits], **more)


def _choice(label: Any) -> SelectField:
    return SelectField(label, validators=[InputRequired(_l("Choose one."))])


def _choices(label: Any, **more: Any) -> SelectMultipleField:
    return SelectMultipleField(label, render_kw={"size": 6}, **more)


class TermsForm(Form):
    """What a promotion says."""

    name_vi = StringField(
        _l("Name for buyers (Vietnamese)"),
        validators=[no_healing, InputRequired(_l("Enter the name.")), Length(max=MAX_TEXT)],
    )
    name_en = StringField(
        _l("Name for buyers (English)"), validators=[Length(max=MAX_TEXT), no_healing]
    )
    kind = _choice(_l("What is taken off"))
    percent = _number(
        _l("Percent off"),
        1,
        100,
        description=_l("For a part of the price; for a gift, 100 means free."),
    )
    amount = _dong(_l("Amount off"), description=_l("For an amount only."))
    cap = _dong(_l("No more than"), description=_l("Empty: no limit for one order."))
    buy = _number(_l("Units to buy"), 1, MOST_UNITS, description=_l("For a gift only."))
    get = _number(_l("Units given"), 1, MOST_UNITS, description=_l("For a gift only."))
    gift_articles = TextAreaField(
        _l("Articles that can be given"),
        description=_l("Codes of articles. Empty: the cheapest of what was bought."),
        validators=[Length(max=MAX_LONG_TEXT)],
    )
    articles = TextAreaField(
        _l("Articles"),
        description=_l("Codes of articles, between blanks or line by line."),
        validators=[Length(max=MAX_LONG_TEXT)],
    )
    products = TextAreaField(
        _l("Products"),
        description=_l("Addresses of their pages, or the last part of them."),
        validators=[Length(max=MAX_LONG_TEXT)],
    )
    categories = _choices(_l("Shelves"))
    producers = _choices(_l("Producers"))
    places = _choices(_l("Sales points"), description=_l("None chosen: all places."))
    channel = _choice(_l("Where"))
    minimum = _dong(
        _l("From an order of"), description=_l("What the goods it holds for must cost at least.")
    )
    first_day = DateField(_l("First day"), validators=[InputRequired(_l("Enter a day."))])
    last_day = DateField(
        _l("Last day"), description=_l("Empty: until it is ended."), validators=[Optional()]
    )
    most = _number(_l("Uses in all"), 1, MOST_USES, description=_l("Empty: any number."))
    most_each = _number(
        _l("Uses for each person"),
        1,
        MOST_USES,
        description=_l("By account and by phone number. Empty: any number."),
    )
    alone = BooleanField(_l("Not together with other offers"))
    shop = _number(_l("Percent borne by the shop"), 0, 100, needed=True, default=100)
    producer = _number(_l("Percent borne by the producer"), 0, 100, needed=True, default=0)
    programme = _number(_l("Percent borne by the programme"), 0, 100, needed=True, default=0)

    def __init__(
        self,
        categories: Iterable[Category],
        producers: Iterable[Producer],
        places: Iterable[Place],
        *,
        own_places_only: bool,
        **more: Any,
    ) -> None:
        super().__init__(**more)
        self.own_places_only = own_places_only
        self.kind.choices = {kind.value: _(kind.label) for kind in Kind}
        self.channel.choices = {c.value: _(c.label) for c in PriceChannel}
        self.categories.choices = {str(c.id): c.name_vi for c in categories}
        self.producers.choices = {str(p.id): p.name for p in producers}
        self.places.choices = {str(p.id): p.name for p in places}

    def validate_last_day(self, field: DateField) -> None:
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(_("The last day lies before the first."))

    def validate_places(self, field: SelectMultipleField) -> None:
        if self.own_places_only and not field.data:
            raise ValidationError(_("Choose at least one of your points."))

    def validate_shop(self, field: IntegerField) -> None:
        if self.own_places_only and field.data != 100:
            raise ValidationError(_("A point bears its promotions alone: enter 100 for the shop."))

    def to_reach(self, articles: frozenset[UUID], products: frozenset[UUID]) -> Goods:
        """Goods and places that were chosen."""
        chosen = (self.categories.data, self.producers.data, self.places.data)
        return Goods(articles, products, *(frozenset(map(UUID, keys or ())) for keys in chosen))

    def to_plan(self, reach: Goods, gift: Goods | None) -> Plan:
        """The terms as they were entered; figures that the kind has no use for are left out."""
        kind, last = Kind.parse(self.kind.data), self.last_day.data
        of_gift, by_part = kind is Kind.GIFT, kind in (Kind.PERCENT, Kind.GIFT)
        return Plan(
            name_vi=self.name_vi.data,
            name_en=self.name_en.data or None,
            kind=kind,
            permille=self.percent.data * TENTH if by_part and self.percent.data else None,
            amount=self.amount.data if kind is Kind.AMOUNT else None,
            cap=self.cap.data if kind is not Kind.AMOUNT else None,
            buy=self.buy.data if of_gift else None,
            get=self.get.data if of_gift else None,
            reach=reach,
            gift=gift if of_gift else None,
            channel=PriceChannel.parse(self.channel.data),
            minimum=self.minimum.data or 0,
            starts_at=local_midnight(self.first_day.data),
            ends_at=local_midnight(last + timedelta(days=1)) if last else None,
            most=self.most.data,
            most_each=self.most_each.data,
            alone=self.alone.data,
            bearers={bearer: (self[bearer.value].data or 0) * TENTH for bearer in Bearer},
        )


class NewPromotionForm(TermsForm):
    """Terms, and whether a code is needed."""

    way = _choice(_l("How buyers get it"))
    code = StringField(
        _l("Code"),
        description=_l("4 to 20 letters and digits, for one code for all."),
        validators=[Length(max=MAX_TEXT)],
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.way.choices = {value: _(label) for value, label in WAYS.items()}

    def validate_code(self, field: StringField) -> None:
        if self.way.data == ONE_CODE and not codes.is_code(codes.folded(field.data or "")):
            raise ValidationError(_("A code has 4 to 20 letters and digits."))

    @property
    def common_code(self) -> str | None:
        """The code for all, when there is to be one."""
        return self.code.data if self.way.data == ONE_CODE else None


class CodesForm(Form):
    """How many codes for one use each."""

    count = _number(_l("Number of codes"), 1, codes.MOST_AT_ONCE, needed=True)
    prefix = StringField(
        _l("Beginning of each code"), validators=[Length(max=codes.LONGEST - codes.RANDOM_LENGTH)]
    )


class EndForm(Form):
    """Why a promotion ends before its day."""

    reason = StringField(
        _l("Reason"), validators=[InputRequired(_l("Say why.")), Length(max=MAX_TEXT)]
    )


def entered(terms: PromotionTerms, reach: Named, gift: Named | None) -> dict[str, Any]:
    """What the form shows of terms that exist."""
    goods = Goods.from_json(terms.reach)
    same = ("name_vi", "name_en", "amount", "cap", "buy", "get", "most", "most_each", "alone")
    return {name: getattr(terms, name) for name in same} | {
        "kind": terms.kind.value,
        "channel": terms.channel.value,
        "percent": terms.permille // TENTH if terms.permille else None,
        "minimum": terms.minimum or None,
        "first_day": local_day(terms.starts_at),
        "last_day": last_day(terms),
        "articles": "\n".join(code for code, _name in reach.skus),
        "products": "\n".join(product.slug for product in reach.products),
        "gift_articles": "\n".join(code for code, _name in gift.skus) if gift else "",
        "categories": sorted(map(str, goods.categories)),
        "producers": sorted(map(str, goods.producers)),
        "places": sorted(map(str, goods.places)),
        **{bearer.value: terms.bearers.get(bearer.value, 0) // TENTH for bearer in Bearer},
    }


def last_day(terms: PromotionTerms) -> date | None:
    """The last day on which the terms hold, as people say it."""
    if terms.ends_at is None:
        return None
    return local_day(terms.ends_at - timedelta(microseconds=1))
