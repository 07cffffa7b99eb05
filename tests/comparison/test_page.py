"""The page for reviewers, as a browser shows it: filters, views, keyboard, print, and colours to be told apart."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from mutations import one_case, section_moved
from series import YEARS, version
from versions import Builder, Desk, copy_of

from report_builder.revisions.compare import compare_versions
from report_builder.revisions.comparison_page import comparison_page
from report_builder.revisions.version import read_version
from report_builder.workspace.colours import contrast


@pytest.fixture(scope="module")
def web_page(desk: Desk, first: Path, builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> str:
    other = copy_of(desk, tmp_path_factory.mktemp("page") / "workspace")
    one_case(other)
    section_moved(other)
    other.edit("templates/delredovisning/v1/11-samlad-bedomning.md.j2", "någon snabb lösning", "någon enkel lösning")
    second = builder.version(other, tmp_path_factory.mktemp("page-versions") / "second")
    return comparison_page(compare_versions(read_version(first), read_version(second)))


def test_it_stands_alone_and_is_well_formed(web_page: str) -> None:
    tree = html.fromstring(web_page)
    assert not tree.xpath("//link|//img|//script[@src]|//@style")
    assert "http" not in re.sub(r"<script>.*</script>", "", web_page, flags=re.DOTALL)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in tree.xpath("//a/@href")} <= set(ids)


def test_it_is_built_for_those_who_listen(web_page: str) -> None:
    tree = html.fromstring(web_page)
    assert tree.get("lang") == "sv"
    assert len(tree.xpath("//h1")) == 1
    levels = [int(h.tag[1]) for h in tree.xpath("//h1|//h2|//h3|//h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(table.find("caption") is not None for table in tree.iter("table"))
    assert all(box.getparent().tag == "label" for box in tree.xpath("//input|//select"))
    assert not tree.xpath("//th[not(@scope)]")
    assert all(e.xpath(".//span[@class='sr']") for e in tree.xpath("//article//p//del|//article//p//ins"))


def test_words_stand_out_from_what_is_behind_them(web_page: str) -> None:
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", web_page))
    surfaces = {"soft": ("#ffffff", named["wash"], "#fff9e0"), "link": ("#ffffff", named["wash"], "#fff9e0"),
                "ink": ("#ffffff",), "gone": (named["gone-wash"],), "new": (named["new-wash"],)}  # fmt: skip
    on = [(name, behind) for name, found in surfaces.items() for behind in found]
    assert all(contrast(named[name], behind) >= 4.5 for name, behind in on)


@pytest.fixture(scope="module")
def rolled_page() -> str:
    """A later report of a series, with one past figure that moved and one sentence that was reworded."""
    moved = {"balans.antal.b.2023": 999, "balans.antal.a.2024": 102}
    return comparison_page(
        compare_versions(
            YEARS, version("2025", ("2023", "2024", "2025"), values=moved, prose="Balansen har få orsaker.")
        )
    )


def test_what_only_follows_from_new_periods_is_folded_below_what_is_to_be_judged(rolled_page: str) -> None:
    tree = html.fromstring(rolled_page)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in tree.xpath("//a/@href")} <= set(ids)
    folded = {e.get("id") for e in tree.xpath("//details[@class='rolled']//*[@data-layer]")}
    open_ones = {e.get("id") for e in tree.xpath("//*[@data-layer]")} - folded
    assert "figures-balans.antal.b.2023" in open_ones
    assert "figures-balans.antal.a.2025" in folded
    assert "tables-periods-tab-balans" in folded
    counts = {
        row[0]: row[1:]
        for row in ([c.text_content() for c in r] for r in tree.xpath("//table[@class='counts']/tbody/tr"))
    }
    assert counts["Formuleringar"] == ["1", "1"]
    assert [c.text_content() for c in tree.xpath("//table[@class='exchanged']//td")] == ["2024", "2025", "2"]


PROBE = """
<script>
window.addEventListener("load", function () {
  var said = [], form = document.querySelector(".filters");
  function seen() { return document.querySelectorAll(".change:not([hidden])").length; }
  function set(change) { change(); form.dispatchEvent(new Event("change")); }
  function press(key) {
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: key, bubbles: true}));
  }
  said.push("all " + seen(), "form " + !form.hidden);
  function layers(wanted) {
    form.querySelectorAll("[name=layer]").forEach(function (b) { b.checked = wanted === "*" || b.value === wanted; });
  }
  set(function () { layers("structure"); });
  said.push("structure " + seen());
  set(function () { layers("*"); form.elements.chapter.value = "bedomning"; });
  said.push("chapter " + seen());
  set(function () { form.elements.size.value = "large"; });
  said.push("large " + seen());
  set(function () { form.reset(); form.querySelector("[value=sides]").checked = true; });
  var two = document.querySelector("#lager-wording div.two"), one = document.querySelector("#lager-wording .one");
  said.push("sides " + getComputedStyle(two).display + " " + getComputedStyle(one).display);
  form.querySelector("[data-step='1']").click();
  var first = document.activeElement.id;
  press("n");
  said.push("walked " + (document.activeElement.id !== first && document.activeElement.className === "change"));
  press("f");
  said.push("back " + (document.activeElement.id === first));
  set(function () { layers("none"); });
  said.push("none " + !document.querySelector(".none").hidden);
  document.title = said.join("; ");
});
</script>
"""


def chromium(*arguments: str) -> str:
    command = [shutil.which("chromium") or "chromium", "--headless", "--no-sandbox", "--disable-gpu", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=1800).stdout


@pytest.mark.judge("chromium")
def test_filters_views_and_keys_work_in_a_browser(web_page: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(web_page.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    shown = chromium("--virtual-time-budget=4000", "--dump-dom", path.as_uri())
    found = re.search(r"<title>(.*?)</title>", shown)
    assert found
    said = dict(part.split(" ", 1) for part in found[1].split("; "))
    tree = html.fromstring(web_page)
    assert said["all"] == str(len(tree.xpath("//*[@data-layer]")))
    assert said["structure"] == "1"
    chapter = tree.xpath("//*[@data-chapter='bedomning']")
    assert said["chapter"] == str(len(chapter))
    assert said["large"] == str(sum(e.get("data-size") == "large" for e in chapter))
    assert said["sides"] == "grid none"
    assert (said["form"], said["walked"], said["back"], said["none"]) == ("true", "true", "true", "true")


WALK = """
<script>
window.addEventListener("load", function () {
  var met = [], next = document.querySelector("[data-step='1']");
  for (var i = 0; i < 200; i += 1) {
    next.click();
    var id = document.activeElement.id;
    if (met.indexOf(id) >= 0) { break; }
    met.push(id);
  }
  location.hash = "#figures-balans.antal.a.2025";
  setTimeout(function () {
    var goal = document.getElementById("figures-balans.antal.a.2025");
    document.title = met.length + " " + (document.activeElement === goal && goal.closest("details").open);
  }, 200);
});
</script>
"""


@pytest.mark.judge("chromium")
def test_the_keyboard_walks_past_what_is_folded_and_a_link_opens_it(rolled_page: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(rolled_page.replace("</body>", WALK + "</body>"), encoding="utf-8")
    found = re.search(r"<title>(.*?)</title>", chromium("--virtual-time-budget=4000", "--dump-dom", path.as_uri()))
    tree = html.fromstring(rolled_page)
    judged = [e for e in tree.xpath("//*[@data-layer]") if not any(a.tag == "details" for a in e.iterancestors())]
    assert found
    assert found[1] == f"{len(judged)} true"


@pytest.mark.judge("chromium", "poppler")
def test_on_paper_the_filters_are_gone_and_what_is_folded_is_told_of(web_page: str, tmp_path: Path) -> None:
    path, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    path.write_text(web_page, encoding="utf-8")
    chromium("--no-pdf-header-footer", f"--print-to-pdf={printed}", path.as_uri())
    text = subprocess.run(
        ["pdftotext", "-layout", str(printed), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "Sammanfattning" in text
    assert "Nästa ändring" not in text
    assert "som inte står i rapporten" in text
