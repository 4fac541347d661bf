"""A receiver of webhooks, and ways to ask with a token."""

from collections.abc import Iterator

import pytest

from support.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running
