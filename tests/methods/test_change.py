"""A change of method: recorded, bridged, flagged and gated; without its record nothing is built."""

import shutil
from dataclasses import replace
from decimal import Decimal

import pytest
from given import ROOT, cases

from report_builder.facts.fact import Fact, FactSet, ObsStatus, difference
from report_builder.facts.ledger import ledger_csv, ledger_path, previous_ledger, read_ledger, releases_with_ledger
from report_builder.methods import load_methods
from report_builder.methods.change import CHANGE_REGISTER, Changes, gate, load_changes, load_history
from report_builder.methods.fingerprint import decisive, method_fingerprint
from report_builder.methods.history import Past
from report_builder.methods.release_facts import FactSources, release_facts
from report_builder.methods.revision import find_revisions
from report_builder.periods import Period
from report_builder.problems import ReportError
from report_builder.workspace.yamlfile import parse

OVERLAY = ROOT / "tests/workspaces/metodbyte"
MEASURES = ["handlaggningstid", "arendebalans", "arendefloden"]
OLD = dict.fromkeys(MEASURES, "v1")
NEW = OLD | {"handlaggningstid": "v2"}
ROWS = [
    {"registrerad": f"{year}-01-{d:02d}", "beslutad": f"{year}-04-1{d}", "expedierad": f"{year}-04-1{d}"}
    for year in (2024, 2025, 2026)
    for d in (1, 3, 5)
]
WAITS = [
    {"arende": i, "fran": f"{year}-02-01", "till": f"{year}-02-{1 + days}"}
    for year, days, numbers in ((2024, 22, (1, 2, 3)), (2025, 24, (4, 5, 6)), (2026, 27, (7, 8, 9)))
    for i in numbers
]
RELEASE = "lagesrapport/2027-01"


@pytest.fixture
def root(tmp_path):
    shutil.copytree(ROOT / "content/methods", tmp_path / "content/methods")
    shutil.copytree(OVERLAY, tmp_path, dirs_exist_ok=True)
    release = tmp_path / f"content/{RELEASE}/release.yaml"
    release.parent.mkdir(parents=True)
    release.write_text("release: 2027-01\nmethods:\n  arendebalans: v1\n  handlaggningstid: v2\n", encoding="utf-8")
    return tmp_path


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return 1 + text[: text.index(old)].count("\n")


def told(root, pins=NEW, years=("2024", "2025", "2026"), rows=ROWS, waits=WAITS):
    methods = load_methods(root, pins)
    ground = FactSources(deliveries=[cases(rows, waits)], case_types=["psl", "lex-sarah"], years=years, total="alla")
    return release_facts(methods, Past(history=load_history(root, methods), changes=load_changes(root)), ground)


def publish(root, release, facts, pins):
    path = ledger_path(root, release)
    path.parent.mkdir(parents=True, exist_ok=True)
    prints = {m.id: method_fingerprint(m) for m in load_methods(root, pins).values()}
    path.write_text(ledger_csv(facts, prints), encoding="utf-8")


def gated(root, pins=NEW, changes=None):
    methods = load_methods(root, pins)
    history = load_history(root, methods)
    ledgers = [read_ledger(root, r) for r in releases_with_ledger(root)]
    changes = load_changes(root) if changes is None else changes
    file = parse(root / f"content/{RELEASE}/release.yaml", f"content/{RELEASE}/release.yaml")
    return gate(methods, history, changes, previous_ledger(root, RELEASE), ledgers, file)


def faults(action):
    with pytest.raises(ReportError) as caught:
        action()
    return caught.value.problems


def test_both_versions_are_computed_on_the_same_cases(root):
    given = told(root)
    (bridge,) = given.bridges
    assert [p.name for p in bridge.common if p.kind == "year"] == ["2024", "2025", "2026"]
    row = next(r for r in bridge.of("median", "year") if (r.new.case_type, r.new.period.name) == ("psl", "2025"))
    assert (row.old.value, row.new.value, row.difference.value) == (100, 76, -24)
    assert (row.old.id, row.difference.id) == (
        "handlaggningstid.median.psl.2025@v1", "handlaggningstid.median.psl.2025~@v1",
    )  # fmt: skip
    assert row.percent.value == -24
    counts = bridge.of("antal", "year")
    assert {r.difference.value for r in counts} == {Decimal(0)}
    old = told(root, OLD, rows=ROWS).facts
    assert all(old.require(r.old.id.removesuffix("@v1")).value == r.old.value for r in bridge.rows)
    assert not told(root, OLD).bridges


def test_a_series_that_one_version_counts_anew_from_its_cases_has_no_break_and_no_estimate(root):
    facts = told(root).facts
    own = [f for f in facts if f.method == "handlaggningstid@v2" and f.value is not None]
    assert {f.status for f in own} == {ObsStatus.NORMAL}
    assert {f.period.name for f in own} >= {"2024", "2025", "2026"}
    assert facts.require("handlaggningstid.median.psl.2025@v1").status is ObsStatus.DEFINITION_DIFFERS
    assert facts.require("arendebalans.antal.psl.2025-12-31").status is ObsStatus.NORMAL
    within = difference(
        facts.require("handlaggningstid.median.psl.2026"), facts.require("handlaggningstid.median.psl.2025")
    )
    assert within.value == -3
    (problem,) = faults(lambda: difference(
        facts.require("handlaggningstid.median.psl.2026"), facts.require("handlaggningstid.median.psl.2025@v1")
    ))  # fmt: skip
    assert "handlaggningstid@v2" in problem.message
    assert "handlaggningstid@v1" in problem.message


def test_values_that_only_the_old_version_gives_are_kept_and_not_compared(root):
    edit(root / "content/methods/handlaggningstid/v2.yaml", "source:", "serves_from: 2025-01-01\nsource:")
    facts = told(root).facts
    early, late = (facts.require(f"handlaggningstid.median.psl.{y}") for y in ("2024", "2025"))
    assert (early.method, early.status, early.value) == ("handlaggningstid@v1", ObsStatus.NORMAL, 101)
    assert late.status is ObsStatus.BREAK
    assert facts.require("handlaggningstid.median.psl.2026").status is ObsStatus.NORMAL
    (problem,) = faults(lambda: difference(late, early))
    assert problem.code == "not-comparable"
    assert facts.get("handlaggningstid.median.psl.2024@v1") is None


@pytest.mark.parametrize("link", ["ratio", "difference"])
def test_a_linked_series_carries_older_values_over_where_that_holds(root, link):
    edit(root / "content/methods/handlaggningstid/v2.yaml", "source:", "serves_from: 2025-01-01\nsource:")
    edit(root / CHANGE_REGISTER, "comparability: bridged", f"comparability: linked\n    link: {link}")
    given = told(root)
    linked = given.facts.require("handlaggningstid.median.psl.2024@lankad")
    carried = Decimal(101) * (76 + 73) / 200 if link == "ratio" else 101 + Decimal(76 + 73 - 200) / 2
    assert (round(linked.value, 6), linked.status, linked.method) == (
        round(carried, 6), ObsStatus.ESTIMATED, "handlaggningstid@v2",
    )  # fmt: skip
    assert difference(given.facts.require("handlaggningstid.median.psl.2025"), linked).value == 76 - linked.value
    edit(root / CHANGE_REGISTER, "link: ", "link_tolerance: 1\n    link: ")
    again = told(root)
    assert again.facts.get("handlaggningstid.median.psl.2024@lankad") is None
    said = {(n.statistic, n.case_type): n.variation for n in again.bridges[0].not_linked}
    assert 3 < said["median", "psl"] < 15


def test_a_promised_bridge_needs_a_common_period(root):
    edit(root / "content/methods/handlaggningstid/v2.yaml", "source:", "serves_from: 2027-01-01\nsource:")
    (problem,) = faults(lambda: told(root))
    assert problem.code == "no-common-period"
    assert (problem.place.file, problem.place.line) == (CHANGE_REGISTER, 16)
    edit(root / CHANGE_REGISTER, "comparability: bridged", "comparability: broken")
    given = told(root)
    assert given.bridges[0].rows == ()
    assert given.facts.require("handlaggningstid.median.psl.2026").method == "handlaggningstid@v1"


def test_a_break_compares_nothing_across_it(root):
    edit(root / CHANGE_REGISTER, "comparability: bridged", "comparability: broken")
    edit(root / CHANGE_REGISTER, "valid_from: 2026-07-01", "valid_from: 2026-01-01")
    edit(root / "content/methods/handlaggningstid/v1.yaml", "valid_from: 2026-01-01", "valid_from: 2025-01-01")
    edit(root / "content/methods/handlaggningstid/v2.yaml", "valid_from: 2026-07-01", "valid_from: 2026-01-01")
    facts = told(root).facts
    before, after = (facts.require(f"handlaggningstid.median.psl.{y}") for y in ("2025", "2026"))
    assert (before.method[-2:], before.status, after.method[-2:], after.status) == (
        "v1", ObsStatus.NORMAL, "v2", ObsStatus.BREAK,
    )  # fmt: skip
    assert faults(lambda: difference(after, before))[0].code == "not-comparable"
    assert not any("@" in f.id or "~" in f.id for f in facts)


def test_a_new_law_breaks_a_series_that_no_version_changed(root):
    edit(root / CHANGE_REGISTER, "to_version: v2", "to_version: v1\n    case_types: [psl]")
    assert [p.code for p in faults(lambda: load_changes(root))] == ["nothing-bridges"]
    edit(root / CHANGE_REGISTER, "comparability: bridged", "comparability: broken")
    edit(root / CHANGE_REGISTER, "valid_from: 2026-07-01", "valid_from: 2025-01-01")
    facts = told(root, OLD).facts
    before, after = (facts.require(f"handlaggningstid.median.psl.{y}") for y in ("2024", "2025"))
    assert (before.status, after.status) == (ObsStatus.NORMAL, ObsStatus.BREAK)
    (problem,) = faults(lambda: difference(after, before))
    assert "yttrande-raknas-inte" in problem.message
    assert difference(facts.require("handlaggningstid.median.psl.2026"), after).value == 0
    whole = [facts.require(f"handlaggningstid.median.alla.{y}") for y in ("2024", "2025")]
    assert difference(*whole).value == 1


def test_a_change_without_a_record_stops_with_what_to_write(root):
    publish(root, "lagesrapport/2026-01", told(root, OLD).facts, OLD)
    assert gated(root) == []
    (problem,) = gated(root, changes=Changes())
    assert problem.code == "change-without-record"
    assert (problem.place.file, problem.place.line) == (f"content/{RELEASE}/release.yaml", 4)
    for word in (
        CHANGE_REGISTER,
        "measure: handlaggningstid",
        "from_version: v1",
        "to_version: v2",
        "why",
        "comparability",
    ):
        assert word in problem.hint
    assert gated(root, OLD, Changes()) == []


def test_a_released_version_may_be_reworded_but_not_edited(root):
    publish(root, "lagesrapport/2026-01", told(root, OLD).facts, OLD)
    file = root / "content/methods/handlaggningstid/v1.yaml"
    edit(file, "label: Mediantid", "label: Median")
    edit(file, "name: Handläggningstid", "name: Tid för handläggning")
    assert gated(root) == []
    edit(file, "days: calendar", "days: working")
    (problem,) = gated(root)
    assert (problem.code, problem.place.file) == ("released-method-edited", "content/methods/handlaggningstid/v1.yaml")
    assert "v2.yaml" in problem.hint
    assert "lagesrapport/2026-01" in problem.message


def test_what_decides_a_value_is_told_apart_from_what_tells_of_it(root):
    old, new = (load_methods(root, {"handlaggningstid": v}, alone=True)["handlaggningstid"] for v in ("v1", "v2"))
    assert method_fingerprint(old) != method_fingerprint(new)
    a, b = decisive(old), decisive(new)
    assert {k for k in {*a, *b} if a.get(k) != b.get(k) and not k.startswith("source.waiting")} == {
        "clock.excluded_waiting"
    }


WHY = """    why: >-
      Väntan på yttrande styrs av någon annan än myndigheten. Med den nya beräkningen går det att se om den egna
      handläggningen blir snabbare.
"""
RECORD_FAULTS = [
    (WHY, "", "missing-field", 3),
    ("why: >-", 'why: ""\n    x: >-', "bad-value", 8),
    ("to_version: v2", "to_version: v7", "unknown-method-version", 6),
    ("measure: handlaggningstid", "measure: handlagningstid", "unknown-measure", 4),
    ("from_version: v1\n    to_version: v2", "from_version: v2\n    to_version: v1", "backward-change", 6),
    ("valid_from: 2026-07-01", "valid_from: 2026-07-02", "wrong-change-day", 11),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "line"), RECORD_FAULTS)
def test_a_record_that_is_wrong_says_where(root, old, new, code, line):
    edit(root / CHANGE_REGISTER, old, new)
    found = {p.code: p.place for p in faults(lambda: load_changes(root))}
    assert (found[code].file, found[code].line) == (CHANGE_REGISTER, line)


def test_a_record_that_leads_back_beside_one_that_leads_on_is_refused(root):
    forth = (root / CHANGE_REGISTER).read_text(encoding="utf-8")
    back = forth.partition("rows:\n")[2].replace("id: yttrande", "id: tillbaka-yttrande", 1)
    back = back.replace("from_version: v1\n    to_version: v2", "from_version: v2\n    to_version: v1", 1)
    (root / CHANGE_REGISTER).write_text(f"{forth}{back}", encoding="utf-8")
    (problem,) = faults(lambda: told(root))
    line = 1 + (forth + back)[: (forth + back).index("to_version: v1")].count("\n")
    assert (problem.code, problem.place.file, problem.place.line) == ("backward-change", CHANGE_REGISTER, line)
    assert "next version" in problem.hint


def test_a_step_is_recorded_once(root):
    text = (root / CHANGE_REGISTER).read_text(encoding="utf-8")
    more = text.partition("rows:\n")[2].replace("id: yttrande", "id: annan-yttrande", 1)
    (root / CHANGE_REGISTER).write_text(f"{text}{more}", encoding="utf-8")
    assert [p.code for p in faults(lambda: load_changes(root))] == ["duplicate-step"]


def test_the_day_of_a_record_is_that_of_versions_read_already(root):
    history = load_history(root, load_methods(root, NEW))
    assert load_changes(root, history).rows == load_changes(root).rows
    edit(root / CHANGE_REGISTER, "valid_from: 2026-07-01", "valid_from: 2026-06-30")
    (problem,) = faults(lambda: load_changes(root, history))
    assert (problem.code, problem.value) == ("wrong-change-day", "2026-06-30")


def test_two_versions_may_not_be_valid_on_the_same_date(root):
    line = edit(root / "content/methods/handlaggningstid/v2.yaml", "valid_from: 2026-07-01", "valid_from: 2026-01-01")
    (problem,) = faults(lambda: load_history(root, load_methods(root, OLD)))
    assert (problem.code, problem.place.line) == ("two-versions-valid", line)
    assert "handlaggningstid@v1" in problem.message


def test_revisions_are_classed_or_stop(root):
    publish(root, "lagesrapport/2026-01", told(root, OLD).facts, OLD)
    before = previous_ledger(root, RELEASE)
    given = told(root, rows=[*ROWS, {"arendeslag": "lex-sarah", "registrerad": "2024-02-02"}])
    found = find_revisions(before, given.facts, load_changes(root), ())
    assert {r.kind for r in found.values} == {"method-change"}
    median = next(r for r in found.values if r.entry.id == "handlaggningstid.median.psl.2025")
    assert (median.before, median.now, median.published_in) == (100, 76, "lagesrapport/2026-01")
    left = {u.fact.id for u in found.unexplained}
    assert "arendefloden.inkomna.lex-sarah.2024" in left
    assert not left & {r.fact.id for r in found.values}
    same = find_revisions(before, told(root, OLD).facts, Changes(), ())
    assert (same.published_in, same.values, same.unexplained) == ("lagesrapport/2026-01", (), ())


@pytest.mark.parametrize(
    ("before", "now", "revised"),
    [("12.5", "13", False), ("12.4", "12", False), ("12.4", "12.5", True), ("-0.5", "-1", False), ("-0.5", "0", True)],
)
def test_a_published_value_is_held_as_it_was_printed_with_a_half_away_from_zero(tmp_path, before, now, revised):
    """A figure is printed 13 for 12.5 and −1 for −0.5: what prints alike is no revision, and what does not is one."""
    fact = told_once(Decimal(before))
    path = ledger_path(tmp_path, "lagesrapport/2026-01")
    path.parent.mkdir(parents=True)
    path.write_text(ledger_csv(FactSet([fact]), {}), encoding="utf-8")
    ledger = read_ledger(tmp_path, "lagesrapport/2026-01")
    assert ledger.entries[fact.id].value == Decimal(before)
    later = FactSet([replace(fact, value=Decimal(now))])
    problems = find_revisions(ledger, later, Changes(), ()).unexplained
    assert [u.fact.id for u in problems] == ([fact.id] if revised else [])


def told_once(value):
    return Fact(
        id="handlaggningstid.median.psl.2025", measure="handlaggningstid", statistic="median", case_type="psl",
        period=Period("2025"), value=value, unit="dagar", decimals=0, method="handlaggningstid@v1",
    )  # fmt: skip


def in_use_from_new_year(root):
    """The new version is in use from 1 January 2026, a day on which periods begin."""
    edit(root / CHANGE_REGISTER, "valid_from: 2026-07-01", "valid_from: 2026-01-01")
    edit(root / "content/methods/handlaggningstid/v1.yaml", "valid_from: 2026-01-01", "valid_from: 2025-01-01")
    edit(root / "content/methods/handlaggningstid/v2.yaml", "valid_from: 2026-07-01", "valid_from: 2026-01-01")


def test_a_period_that_begins_on_the_day_of_the_change_is_after_it(root):
    """The first quarter of the new year is the first of the new version, and the one after it breaks with nothing."""
    in_use_from_new_year(root)
    edit(root / CHANGE_REGISTER, "comparability: bridged", "comparability: broken")
    facts = told(root).facts
    found = {p: facts.require(f"handlaggningstid.antal.psl.{p}") for p in ("2025-Q4", "2026-Q1", "2026-Q2")}
    assert [(f.method[-2:], f.status) for f in found.values()] == [
        ("v1", ObsStatus.NORMAL), ("v2", ObsStatus.BREAK), ("v2", ObsStatus.NORMAL),
    ]  # fmt: skip


def test_after_a_break_the_old_version_gives_no_value_for_a_period_that_begins_on_its_day(root):
    edit(root / "content/methods/handlaggningstid/v2.yaml", "source:", "serves_from: 2027-01-01\nsource:")
    edit(root / CHANGE_REGISTER, "comparability: bridged", "comparability: broken")
    in_use_from_new_year(root)
    facts = told(root).facts
    assert facts.require("handlaggningstid.median.psl.2025").method == "handlaggningstid@v1"
    assert facts.get("handlaggningstid.median.psl.2026") is None


def test_a_period_that_ends_on_the_day_of_the_change_holds_both_sides_of_it(root):
    edit(root / CHANGE_REGISTER, "to_version: v2", "to_version: v1\n    case_types: [psl]")
    edit(root / CHANGE_REGISTER, "comparability: bridged", "comparability: broken")
    edit(root / CHANGE_REGISTER, "valid_from: 2026-07-01", "valid_from: 2025-12-31")
    facts = told(root, OLD).facts
    found = {p: facts.require(f"handlaggningstid.median.psl.{p}") for p in ("2024", "2025", "2026")}
    assert [f.status for f in found.values()] == [ObsStatus.NORMAL, ObsStatus.BREAK, ObsStatus.BREAK]
    assert [f.population.rpartition("/")[2] for f in found.values()] == ["före yttrande-raknas-inte", "2025", ""]
    for later, earlier in (("2026", "2025"), ("2025", "2024")):
        (problem,) = faults(lambda pair=(later, earlier): difference(found[pair[0]], found[pair[1]]))
        assert problem.code == "not-comparable"


def test_a_ledger_that_was_edited_by_hand_is_refused(root):
    publish(root, "lagesrapport/2026-01", told(root, OLD).facts, OLD)
    path = ledger_path(root, "lagesrapport/2026-01")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:4], lines[3], "a,b,c", *lines[5:]]), encoding="utf-8")
    assert [p.place.line for p in faults(lambda: read_ledger(root, "lagesrapport/2026-01"))] == [5, 6]
    assert [p.code for p in faults(lambda: previous_ledger(root, RELEASE, "lagesrapport/1999"))] == ["no-ledger"]
