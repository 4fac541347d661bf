"""The published units, loaded."""

import pytest
from sqlalchemy.orm import Session

from app.areas.loading import LoadReport, load


@pytest.fixture
def loaded(session: Session) -> LoadReport:
    """What loading the published lists into an empty database reports."""
    return load(session)
