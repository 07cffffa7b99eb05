"""The validation report: a supplier can mend the file from it alone, and nothing sensitive is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from deliveries import CASES, CASES_HEADER, WAITS, WAITS_HEADER

from report_builder.contracts.check import CheckResult, check_delivery, check_file
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.report import html_report, json_report

SECRET = """
  - name: rader
    properties:
      - {name: id, logicalType: string, unique: true, classification: restricted}
      - {name: dag, logicalType: date, classification: confidential}
      - {name: enhet, logicalType: string, required: true}
"""


class Page(HTMLParser):
    """The words of a page, and the tags that were opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(" ".join(data.split()))


@pytest.fixture
def bad(cases_contract: Contract, csv_of: Callable[..., Path]) -> CheckResult:
    rows = [list(r) for r in CASES]
    rows[0][1], rows[0][4] = "<b>okänt</b>", "2023-12-30"
    files = {"arenden": csv_of("a.csv", CASES_HEADER, rows), "uppehall": csv_of("u.csv", WAITS_HEADER, WAITS)}
    shown = {"arenden": "leverans/ärenden.csv", "uppehall": "leverans/uppehåll.csv"}
    return check_delivery(cases_contract, files, as_of=date(2024, 12, 31), shown_as=shown)


def test_the_page_says_what_is_wrong_where_and_what_to_do(bad: CheckResult) -> None:
    page = Page(html_report(bad))
    assert page.tags[0] == ("html", {"lang": "sv"})
    words = page.words
    assert "Leveransen är inte godkänd" in words
    assert "2 fel behöver rättas innan uppgifterna kan användas." in words
    assert "1. beslutad är tidigare än registrerad på rad 2." in words
    assert "Värdet i beslutad får inte vara tidigare än värdet i registrerad." in words
    assert "Rätta det datum som är fel." in words
    assert "2. arendeslag har ett värde som inte är giltigt på rad 2." in words
    assert words.count("leverans/ärenden.csv") == 5
    row = words.index("2023-12-30")
    assert words[row - 5 : row + 2] == [
        "2", "EX-1", "<b>okänt</b>", "Enhet nord", "2024-01-10", "2023-12-30", "2024-03-02",
    ]  # fmt: skip


def test_the_page_fetches_nothing(bad: CheckResult) -> None:
    text = html_report(bad)
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "b"}
    assert not re.search(r"https?://|url\(|@import", text)
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(set(ids)) == len(ids)
    assert {str(a["href"]).removeprefix("#") for tag, a in page.tags if tag == "a"} <= set(ids)


def test_the_same_delivery_gives_the_same_page(bad: CheckResult) -> None:
    assert html_report(bad) == html_report(bad)
    assert json_report(bad) == json_report(bad)


def test_a_good_delivery(cases_contract: Contract, csv_of: Callable[..., Path]) -> None:
    files = {"arenden": csv_of("a.csv", CASES_HEADER, CASES), "uppehall": csv_of("u.csv", WAITS_HEADER, WAITS)}
    words = Page(html_report(check_delivery(cases_contract, files, as_of=date(2024, 12, 31)))).words
    assert "Leveransen är godkänd" in words
    assert "Filerna uppfyller kontraktet." in words
    assert "Inte kontrollerat" not in words


def test_json_holds_the_same(bad: CheckResult) -> None:
    content = json.loads(json_report(bad))
    assert (content["format"], content["contract"], content["valid"], content["errors"]) == (
        1,
        "arenden@1.0.0",
        False,
        2,
    )
    order = content["findings"][0]
    assert (order["code"], order["row"], order["columns"]) == ("date-order", 2, ["beslutad", "registrerad"])
    assert order["rows"] == [{"row": 2, "cells": ["EX-1", "<b>okänt</b>", "Enhet nord", "2024-01-10", "2023-12-30",
                                                  "2024-03-02", None, None, None]}]  # fmt: skip
    assert {r["status"] for r in content["rules"]} == {"passed", "failed"}


@pytest.mark.parametrize(
    "content",
    [
        "id,dag,enhet\nhemlig-1,hemlig-2,\nhemlig-1,2024-01-01,nord\n",
        "id,dag,enhet\nhemlig-1,2024-01-01,nord,hemlig-2\n",
        "id,dag,enhet\nhemlig-1,2024-01-01,hemligå\n".encode("windows-1252").decode("latin-1"),
    ],
    ids=["rules", "ragged", "encoding"],
)
def test_values_of_sensitive_columns_are_shown_nowhere(
    contract_of: Callable[..., Contract], tmp_path: Path, content: str
) -> None:
    path = tmp_path / "rader.csv"
    path.write_bytes(content.encode("latin-1"))
    result = check_delivery(contract_of(SECRET), {"rader": path})
    assert result.findings
    told = [f"{p.message} {p.hint} {p.value}" for p in result.problems]
    for text in (html_report(result), json_report(result), *told):
        assert "hemlig-" not in text
        assert "hemligå" not in text


def test_rows_that_do_not_fit_the_header_are_shown_field_by_field(
    contract_of: Callable[..., Contract], tmp_path: Path
) -> None:
    contract = contract_of("\n  - name: rader\n    properties: [{name: a, logicalType: string}]\n")
    path = tmp_path / "rader.csv"
    path.write_text("a\n1\n2,3\n", encoding="utf-8")
    words = Page(html_report(check_delivery(contract, {"rader": path}))).words
    assert "Fält 2" in words
    assert "1 rad har inte 1 fält. Rad 3 har 2." in words


def test_each_kind_of_slip_gets_its_own_way_out(cases_contract: Contract, csv_of: Callable[..., Path]) -> None:
    rows = [list(r) for r in CASES]
    rows[0][3], rows[1][3], rows[2][3] = "1/2/2024", "45292", "1/2/2024"
    result = check_file(cases_contract, csv_of("a.csv", CASES_HEADER, rows), as_of=date(2024, 12, 31))
    finding = next(f for f in result.findings if f.code == "not-a-date")
    assert finding.hint.sv == (
        "Rad 2: 1/2/2024 kan läsas som 2024-02-01 eller 2024-01-02. Skriv det som avses. Rad 3: 45292 ser ut som "
        "kalkylprogrammets nummer för 2024-01-01. Formatera kolumnen som datum. "
        "Skriv datum i formen ÅÅÅÅ-MM-DD."
    )


def test_a_file_that_was_not_given_is_told_of_once(cases_contract: Contract, csv_of: Callable[..., Path]) -> None:
    words = Page(html_report(check_file(cases_contract, csv_of("a.csv", CASES_HEADER, CASES)))).words
    at = words.index("uppehall gick inte att läsa eller lämnades inte.")
    assert words[at - 2 : at] == ["Samtliga 20 regler", "Uppehåll"]
    assert words.count(words[at]) == 1


def test_signs_that_hide_a_value_are_explained(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path]
) -> None:
    path = csv_of("r.csv", ["id", "dag", "enhet"], [["x", "2024-01-01", ""]], delimiter=",")
    page = html_report(check_file(contract_of(SECRET), path))
    assert "Tecknen ••• står i stället för värden som inte får visas." in page


@pytest.mark.parametrize(("count", "words"), [(10, ""), (12, "Alla rader som det gäller: 2–11, 13 och 15.")])
def test_every_row_is_named_by_its_number(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path], count: int, words: str
) -> None:
    contract = contract_of("\n  - name: rader\n    properties: [{name: a, logicalType: integer}]\n")
    rows = ["x"] * 10 + ["1", "x", "1", "x"]
    path = csv_of("r.csv", ["a"], [[r] for r in rows[: 10 if count == 10 else None]], delimiter=",")
    page = html_report(check_file(contract, path))
    assert words in page
    assert ("som det gäller" in page) == bool(words)


def test_rows_beyond_a_thousand_are_counted_and_not_named(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path]
) -> None:
    contract = contract_of("\n  - name: rader\n    properties: [{name: a, logicalType: integer}]\n")
    page = html_report(check_file(contract, csv_of("r.csv", ["a"], [["fel"]] * 1200, delimiter=",")))
    assert "De första raderna som det gäller: 2–1\N{NO-BREAK SPACE}001." in page
    assert "a är inte ett heltal på 1\N{NO-BREAK SPACE}200 rader, först på rad 2." in page
