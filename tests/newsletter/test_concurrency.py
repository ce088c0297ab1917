from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from mindlab.newsletter.models import IssueSnapshot
from mindlab.newsletter.snapshots import export
from tests.factories import make_issue


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("refresh", "expected"), [(False, {1}), (True, {1, 2, 3, 4})])
def test_exports_at_once_number_snapshots_without_gaps_or_doubles(open_gate, refresh, expected):
    issue = make_issue(61, live=True)
    together = Barrier(4)

    def one(_):
        together.wait()
        try:
            return export(issue, refresh=refresh).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(one, range(4))) == expected
    assert set(IssueSnapshot.objects.values_list("number", flat=True)) == expected
