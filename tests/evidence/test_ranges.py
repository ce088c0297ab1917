from dataclasses import dataclass

import pytest

from mindlab.evidence.ranges import POINT, rows


@dataclass
class Measured:
    low: float | None = None
    high: float | None = None
    value: float | None = None
    comparator: str = "="
    unit: str = "ms"


def test_measurements_of_one_unit_share_a_scale():
    short, long = rows([Measured(100, 200), Measured(40, 200)])
    assert (short.scale_start, short.scale_end) == (long.scale_start, long.scale_end) == ("0", "250")
    assert (short.start, short.width) == (40, 40)
    assert (long.start, long.width) == (16, 64)


def test_measurements_too_far_apart_have_scales_of_their_own():
    small, large = rows([Measured(1, 2), Measured(100, 2000)])
    assert small.scale_end == "2.5"
    assert large.scale_end == "2500"


def test_shares_stand_on_the_whole():
    (share,) = rows([Measured(60, 70, unit="%")])
    assert (share.start, share.width, share.scale_end) == (60, 10, "100")


@pytest.mark.parametrize(
    ("comparator", "is_open", "begins_at_zero", "ends_at_edge"),
    [
        (">", True, False, True),
        ("≥", True, False, True),
        ("<", False, True, False),
        ("≤", False, True, False),
    ],
)
def test_an_open_range_goes_to_the_edge_it_is_open_to(comparator, is_open, begins_at_zero, ends_at_edge):
    (row,) = rows([Measured(value=20, comparator=comparator)])
    assert row.is_open is is_open
    assert (row.start == 0) is begins_at_zero
    assert (row.start + row.width == pytest.approx(100)) is ends_at_edge
    assert not row.is_point


def test_a_single_value_is_a_point_and_a_value_without_a_number_is_left_out():
    (row,) = rows([Measured(value=8, comparator="≈"), Measured()])
    assert row.is_point
    assert row.width == POINT


@pytest.mark.parametrize(
    "measured", [Measured(value=0), Measured(-5, -1), Measured(-3, 4), Measured(value=1e-6), Measured(5, 5)]
)
def test_nothing_is_drawn_outside_its_scale(measured):
    (row,) = rows([measured])
    assert row.start >= 0
    assert row.start + row.width <= 100 + POINT
