import pytest

from tests.editorial.helpers import make_people


@pytest.fixture
def people(db):
    return make_people()
