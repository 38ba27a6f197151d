"""The evaluator of the monitoring tests reads PromQL as Prometheus does."""

import math

import pytest

from tests.monitoring.promql import Query, Scrape, Value

_BEFORE = Scrape.of(
    """
# TYPE peyk_a_total counter
peyk_a_total{lane="x"} 1
peyk_a_total{lane="y"} 5
# TYPE peyk_h histogram
peyk_h_bucket{le="1.0"} 0
peyk_h_bucket{le="2.0"} 0
peyk_h_bucket{le="+Inf"} 0
peyk_h_count 0
peyk_h_sum 0
# TYPE peyk_g gauge
peyk_g 1
""",
    100.0,
)
_NOW = Scrape.of(
    """
# TYPE peyk_a_total counter
peyk_a_total{lane="x"} 21
peyk_a_total{lane="y"} 5
# TYPE peyk_h histogram
peyk_h_bucket{le="1.0"} 5
peyk_h_bucket{le="2.0"} 10
peyk_h_bucket{le="+Inf"} 10
peyk_h_count 10
peyk_h_sum 11
# TYPE peyk_g gauge
peyk_g 1
""",
    110.0,
)
_X, _Y = (("lane", "x"),), (("lane", "y"),)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("time() - 10", 100.0),
        ("peyk_g", {(): 1.0}),
        ("absent(peyk_g)", {}),
        ('peyk_a_total{lane="x"} > 20', {_X: 21.0}),
        ('peyk_a_total{lane=~"x|y"} < 20', {_Y: 5.0}),
        ('peyk_a_total{lane!="x"}', {_Y: 5.0}),
        ("rate(peyk_a_total[5m])", {_X: 2.0, _Y: 0.0}),
        ("increase(peyk_a_total[5m])", {_X: 20.0, _Y: 0.0}),
        ("sum by (lane) (peyk_a_total)", {_X: 21.0, _Y: 5.0}),
        ("sum(peyk_a_total) / 2", {(): 13.0}),
        ("min(peyk_a_total)", {(): 5.0}),
        ("peyk_a_total / peyk_a_total", {_X: 1.0, _Y: 1.0}),
        ("histogram_quantile(0.5, sum by (le) (rate(peyk_h_bucket[5m])))", {(): 1.0}),
        ("histogram_quantile(0.75, peyk_h_bucket)", {(): 1.5}),
        ("peyk_a_total > 20 unless on () peyk_g == 1", {}),
        ("peyk_a_total > 20 and on () peyk_g == 1", {_X: 21.0}),
        ("peyk_a_total > 20 and peyk_g == 1", {}),
    ],
)
def test_an_expression_has_the_value_that_prometheus_gives_it(expression: str, value: Value) -> None:
    assert Query(expression, _BEFORE, _NOW).value() == value


def test_the_quantile_of_nothing_is_no_number() -> None:
    quantile = Query("histogram_quantile(0.5, peyk_h_bucket)", _BEFORE, _BEFORE).value()
    assert isinstance(quantile, dict)
    assert math.isnan(quantile[()])


@pytest.mark.parametrize(
    "expression",
    [
        "peyk_unknown",
        "rate(peyk_a_total)",
        "peyk_a_total[5m]",
        "1 +",
        "sum(1)",
        "peyk_g peyk_g",
        "median(peyk_g)",
        "§",
    ],
)
def test_what_prometheus_would_refuse_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Query(expression, _BEFORE, _NOW).value()
