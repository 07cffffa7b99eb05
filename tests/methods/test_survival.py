"""Times over closed and open cases: a published example, plain counting, and a queue whose truth is known."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from math import log

from given import cases, variant

from report_builder.methods import compute, select_rows, survival
from report_builder.methods.survival import Seen, median

KM = {
    "population": "open-in-period",
    "statistics": [
        {"id": "antal", "kind": "count", "label": "A", "unit": "antal"},
        {"id": "km", "kind": "km_median", "label": "M", "unit": "dagar"},
        {"id": "km-lagst", "kind": "km_lower", "label": "L", "unit": "dagar"},
        {"id": "km-hogst", "kind": "km_upper", "label": "H", "unit": "dagar"},
    ],
}


def test_a_published_example():
    """Freireich's 21 patients on 6-mercaptopurine: the median is 23 weeks, from 13 weeks to where the curve ends."""
    closed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    seen = Seen(entered=Counter({-1: 21}), left=Counter([*closed, *still]), closed=Counter(closed))
    found = median(seen)
    assert (found.median, found.lower, found.upper) == (23, 13, None)


def test_a_few_cases_by_hand():
    rows = [
        {"registrerad": "2024-01-01", "beslutad": "2024-01-11", "expedierad": "2024-01-11"},   # 10 of 3 at risk
        {"registrerad": "2024-02-01", "beslutad": "2024-02-21", "expedierad": "2024-02-21"},   # 20 of 2: a third left
        {"registrerad": "2024-12-01"},                                                         # seen for 30 days
        {"registrerad": "2023-12-16", "beslutad": "2024-01-31", "expedierad": "2024-01-31"},   # from the age of 15 on
    ]  # fmt: skip
    methods = variant(KM, ["handlaggningstid"])
    given = cases(rows)
    facts = compute(methods, [given], ["psl"], ["2024"])
    assert facts.require("handlaggningstid.antal.psl.2024").value == 4
    # At 10: 3 at risk, 2/3 left. At 20: 3 at risk (the last has come in), 2/3 · 2/3 = 4/9.
    assert facts.require("handlaggningstid.km.psl.2024").value == 20
    assert (
        len(select_rows(methods["handlaggningstid"], given, facts.require("handlaggningstid.km.psl.2024"), ["psl"]))
        == 4
    )


def test_the_median_is_the_age_at_which_exactly_half_are_closed():
    """Two of four are closed at 10 and 20: at 20 half are left, exactly, and the median is 20 and not 30."""
    closed = [10, 20, 30, 40]
    seen = Seen(entered=Counter({-1: 4}), left=Counter(closed), closed=Counter(closed))
    assert median(seen).median == 20
    one_of_two = Seen(entered=Counter({-1: 2}), left=Counter([10, 90]), closed=Counter([10]))
    assert median(one_of_two).median == 10


def queue(rng, mean, *, oldest_first):
    """Cases that come in through four years and take exponential times; at last the oldest open ones are closed."""
    rows = []
    for n in range(4 * 365):
        for _ in range(3):
            start = date(2021, 1, 1) + timedelta(days=n)
            stop = start + timedelta(days=int(rng.expovariate(1 / mean)))
            row = {"registrerad": start}
            if oldest_first and stop > date(2024, 1, 1) and start < date(2023, 7, 1):
                stop = min(stop, date(2024, 2, 1))
            if stop <= date(2024, 12, 31):
                row["beslutad"] = row["expedierad"] = stop
            rows.append(row)
    return rows


def test_it_looks_no_further_than_its_answers(monkeypatch):
    """Of a thousand cases one is closed each day: the curve is not followed down to its end."""
    looked = []
    band = survival._band
    monkeypatch.setattr(survival, "_band", lambda *at: looked.append(at) or band(*at))
    ages = Counter({age: 1 for age in range(1000)})
    found = median(Seen(entered=Counter({-1: 1000}), left=ages, closed=ages))
    reached = [n for n, at in enumerate(looked) if band(*at)[1] <= 0.5]
    assert (found.median, found.upper) == (499, reached[0])
    assert len(looked) == reached[0] + 1 < 600


def test_a_queue_whose_truth_is_known():
    truth = 300 * log(2)
    methods = variant(KM, ["handlaggningstid"])
    facts = compute(
        methods, [cases(queue(random.Random(11), 300, oldest_first=False))], ["psl"], ["2022", "2023", "2024"]
    )
    for year in ("2022", "2023", "2024"):
        low, mid, high = (
            facts.require(f"handlaggningstid.{s}.psl.{year}").value for s in ("km-lagst", "km", "km-hogst")
        )
        assert low <= mid <= high
        assert abs(float(mid) - truth) < 25, (year, mid)
        assert float(low) - 8 <= truth <= float(high) + 8


def test_closing_old_cases_lengthens_the_mean_of_the_closed_but_not_the_median_of_all():
    """The very trap: the oldest are cleared, the service gets faster, and the mean of closed cases rises."""
    rows = queue(random.Random(5), 300, oldest_first=True)
    given = [cases(rows)]
    closed = compute(variant({}, ["handlaggningstid"]), given, ["psl"], ["2023", "2024"])
    everyone = compute(variant(KM, ["handlaggningstid"]), given, ["psl"], ["2023", "2024"])
    means = [closed.require(f"handlaggningstid.medel.psl.{y}").value for y in ("2023", "2024")]
    medians = [everyone.require(f"handlaggningstid.km.psl.{y}").value for y in ("2023", "2024")]
    assert means[1] > means[0] + Decimal(10)
    assert all(abs(float(m) - 300 * log(2)) < 25 for m in medians)
