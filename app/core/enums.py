"""Enums whose members carry the value that is stored and the label that people read."""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """`MEMBER = "stored value", N_("Label")`; the label is a msgid."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def parse(cls, value: object) -> Self:
        """The member stored as `value`; raises `ValueError`."""
        found = next((member for member in cls if member.value == value), None)
        if found is None:
            raise ValueError(f"{value!r} is no {cls.__name__}")
        return found
