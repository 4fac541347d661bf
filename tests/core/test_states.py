"""Tables of allowed moves."""

import pytest

from app.core.enums import LabelledEnum
from app.core.states import ForbiddenMove, Moves


class Light(LabelledEnum):
    """A made-up state."""

    RED = "red", "Red light"
    GREEN = "green", "Green light"
    OFF = "off", "Off"


MOVES = Moves({Light.RED: [Light.GREEN, Light.OFF], Light.GREEN: [Light.RED]})


def test_an_allowed_move_gives_the_new_state() -> None:
    assert MOVES.to(Light.RED, Light.GREEN) is Light.GREEN


@pytest.mark.parametrize(
    ("current", "target"),
    [(Light.GREEN, Light.OFF), (Light.RED, Light.RED), (Light.OFF, Light.RED)],
)
def test_any_other_move_is_refused_in_words(current: Light, target: Light) -> None:
    with pytest.raises(ForbiddenMove) as caught:
        MOVES.to(current, target)
    assert caught.value.params == {"current": current.label, "to": target.label}
    assert current.label in str(caught.value)


def test_a_state_tells_what_can_follow_it() -> None:
    assert MOVES.allowed(Light.RED) == {Light.GREEN, Light.OFF}
    assert MOVES.allowed(Light.OFF) == frozenset()


def test_a_member_is_its_value_and_carries_a_label() -> None:
    assert Light("red") is Light.RED  # type: ignore[call-arg]
    assert (Light.RED == "red", f"{Light.RED}", Light.RED.label) == (True, "red", "Red light")
