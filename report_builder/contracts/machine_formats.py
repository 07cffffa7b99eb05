"""What came of a delivery, in the forms that other programs take: JUnit for test runners, SARIF for code hosts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from report_builder.contracts.files.jsonfile import JSON_LINES
from report_builder.contracts.files.readers import TEXT
from report_builder.contracts.result import CheckResult, Finding, Status
from report_builder.problems import Severity

_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def junit_report(result: CheckResult, fails: Callable[[Severity], bool]) -> str:
    """JUnit XML: a suite for each file, a case for each rule and each fault of reading.

    ``fails`` tells which severities are failures; other faults go to the case's output.
    """
    root = Element("testsuites", name=result.contract.id)
    ruled = {id(o.finding) for o in result.outcomes}
    for file in result.files:
        suite = SubElement(root, "testsuite", name=file.object)
        for finding in result.findings:
            if finding.object == file.object and id(finding) not in ruled:
                _fault(_case(suite, file.object, finding.code, finding.headers, finding.rule.en), finding, fails)
        for outcome in result.outcomes:
            if outcome.object == file.object:
                case = _case(suite, file.object, outcome.code, outcome.headers, outcome.rule.en)
                if outcome.finding is not None:
                    _fault(case, outcome.finding, fails)
                elif outcome.status is Status.SKIPPED:
                    SubElement(case, "skipped", message=_xml(outcome.reason.en if outcome.reason else ""))
        for kind, tag in (("tests", "testcase"), ("failures", ".//failure"), ("skipped", ".//skipped")):
            suite.set(kind, str(len(suite.findall(tag))))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def sarif_report(result: CheckResult) -> str:
    """SARIF 2.1.0: a result for each fault, with up to ten of its rows as places where rows are lines of the file."""
    codes = tuple(dict.fromkeys(f.code for f in result.findings))
    described = {f.code: f.rule for f in reversed(result.findings)}
    driver = {
        "name": "report-builder",
        "rules": [{"id": code, "shortDescription": {"text": described[code].en}} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, codes.index(f.code)) for f in result.findings],
    }
    content = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _case(suite: Element, name: str, code: str, headers: tuple[str, ...], rule: str) -> Element:
    about = f" ({', '.join(headers)})" if headers else ""
    return SubElement(suite, "testcase", classname=f"{name}.{code}", name=_xml(f"{rule}{about}"))


def _fault(case: Element, finding: Finding, fails: Callable[[Severity], bool]) -> None:
    problem = finding.problem
    text = _xml(f"{problem.place}: {problem.message} {problem.hint}")
    if fails(finding.severity):
        SubElement(case, "failure", type=finding.severity.value, message=_xml(problem.message)).text = text
    else:
        SubElement(case, "system-out").text = f"{finding.severity.value}: {text}"


def _xml(text: str) -> str:
    """``text`` without the signs that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    rows = [r.row for r in finding.rows] or ([finding.row] if finding.row is not None else [])
    if PurePath(finding.file).suffix.casefold() not in TEXT | JSON_LINES:
        rows = []
    places = [{"physicalLocation": _place(finding, row)} for row in rows] or [
        {"physicalLocation": _place(finding, None)}
    ]
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity.value,
        "message": {"text": f"{finding.fault.en} {finding.hint.en}"},
        "locations": places[:1],
        "relatedLocations": [{"id": i, **place} for i, place in enumerate(places[1:], start=1)],
        "occurrenceCount": max(1, finding.count),
    }


def _place(finding: Finding, row: int | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": PurePath(finding.file).as_posix()}}
    return place if row is None else place | {"region": {"startLine": row}}
