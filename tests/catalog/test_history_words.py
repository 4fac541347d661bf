"""The trail of the catalogue speaks in words."""

import re
from pathlib import Path

from sqlalchemy.orm import Session

from builders import BY_NOBODY, make_offered, make_set
from catalog import bundles, history, history_words, labels

RECORD = re.compile(r'(?:audit\.record|_note)\(\s*session,\s*"([a-z]+\.[a-z_]+)"')


def test_every_action_of_the_catalogue_has_words() -> None:
    files = Path(history.__file__).parent.glob("*.py")
    recorded = {code for file in files for code in RECORD.findall(file.read_text("utf-8"))}
    assert len(recorded) > 20
    assert recorded == set(history_words.ACTIONS)


def test_an_unknown_action_speaks_for_itself() -> None:
    assert history_words.action("moon.rise") == "moon.rise"
    assert history_words.field("height") == "height"


def test_label_facts_bear_their_own_names() -> None:
    found = history_words.field("fact.use")
    assert isinstance(found, labels.Field)
    assert found == labels.fields()["use"]


def test_the_parts_of_a_set_are_told_by_their_codes(session: Session) -> None:
    one, other = make_offered(session), make_offered(session)
    gift = make_set(session, {one: 1, other: 2})
    bundles.set_parts(session, gift, {one.id: 3, other.id: 2}, **BY_NOBODY)
    change = next(c for c in history.of(session, "product", gift.product_id) if c.differences)
    assert change.what == "Content of the gift set changed"
    told = {(d.name, d.before, d.after) for d in change.differences}
    assert told == {(one.code, "1", "3"), (other.code, "2", "2")}
