"""A published report: whole on a machine that has nothing but the bundle, and no bit of it can change unseen."""

from __future__ import annotations

import io
import json
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from finals import PROJECT, REPORT, Issue, key_pair, report_builder
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from report_builder.packages.archive import pack, read_files, unpack
from report_builder.packages.bundles import seal_problems
from report_builder.packages.signature import sign
from report_builder.packages.sums import SIGNATURE, SUMS, checksum_list
from report_builder.problems import ReportError
from report_builder.publishing.bundle_check import inner_problems
from report_builder.verifying.verify import read_back

STEM = "periodisk-rapport-2026-t1"


@pytest.fixture(scope="session")
def files(issue: Issue) -> dict[str, bytes]:
    return read_files(issue.folder)


def faults(files: dict[str, bytes]) -> list[str]:
    try:
        return [f"{p.code} {p.place}" for p in seal_problems(files, None)]
    except ReportError as e:
        return [f"{p.code} {p.place}" for p in e.problems]


def flipped(data: bytes, bit: int) -> bytes:
    """``data`` with one bit turned, wherever ``bit`` falls."""
    place, turn = divmod(bit % (len(data) * 8), 8)
    return data[:place] + bytes([data[place] ^ (1 << turn)]) + data[place + 1 :]


def test_it_is_verified_where_there_is_nothing_but_the_zip(issue: Issue, tmp_path: Path) -> None:
    shutil.copy(issue.archive, tmp_path / "bundle.zip")
    done = report_builder("verify", "bundle.zip", "--key", issue.key, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "The bundle is whole" in done.stdout
    assert "Every figure is its fact's" in done.stdout
    assert "The PDF conforms." in done.stdout


def test_it_holds_everything(files: dict[str, bytes]) -> None:
    editions = {f"{STEM}.pdf", f"{STEM}.docx", f"{STEM}.html", "document.json", "facts.csv", "facts.sdmx.csv"}
    about = {"manifest.json", "sha256sums.txt", "sha256sums.sig", "sbom.cdx.json", "lasmig.txt"}
    figure = {f"figures/fig-balans.{kind}" for kind in ("svg", "png", "csv")}
    inputs = {
        "inputs/content/methods/arendebalans/v1.yaml",
        "inputs/data_contracts/arenden/1.1.0.yaml",
        "inputs/templates/periodisk-rapport/v1/template.yaml",
        "inputs/content/registers/arendeslag.yaml",
    }
    wanted = editions | about | figure | inputs
    assert wanted | {"tables/tab-samlat.csv", "validation/arenden.html", "figures/index.csv"} <= files.keys()
    manifest = json.loads(files["manifest.json"])
    assert manifest["bundle"]["version"] == 1
    listed = {entry["file"] for entry in manifest["outputs"]}
    assert listed == files.keys() - {"manifest.json", "sha256sums.txt", "sha256sums.sig"}


def test_cases_stay_in_the_house(issue: Issue, files: dict[str, bytes]) -> None:
    """The contract does not call every column public, so the bundle describes the files and does not hold them."""
    assert not [name for name in files if name.startswith("inputs/") and name.endswith(".csv") and "metrics" in name]
    entries = json.loads(files["manifest.json"])["inputs"]
    withheld = {e["file"] for e in entries if not e["kept"]}
    own = {f"content/{REPORT}/metrics/arenden.csv", f"content/{REPORT}/metrics/uppehall.csv"}
    compared_with = {"content/delredovisning/2026-02/metrics/arenden.csv"}
    assert withheld == own | compared_with
    assert all(name in issue.said for name in withheld)
    assert all(name in files["lasmig.txt"].decode() for name in withheld)


def test_pictures_carry_their_words(files: dict[str, bytes]) -> None:
    drawn = etree.fromstring(files["figures/fig-balans.svg"])
    alt = drawn.findtext("{http://www.w3.org/2000/svg}desc")
    assert alt.startswith("Linjediagram")
    assert alt in files["figures/index.csv"].decode()
    assert alt.encode() in files["figures/fig-balans.png"]
    from PIL import Image

    with Image.open(io.BytesIO(files["figures/fig-balans.png"])) as picture:
        picture.load()
        assert picture.text["Description"] == alt


def test_the_numbers_of_a_table_are_its_facts(files: dict[str, bytes]) -> None:
    import csv

    facts = {row["id"]: row for row in csv.DictReader(io.StringIO(files["facts.csv"].decode()))}
    cells = list(csv.DictReader(io.StringIO(files["tables/cells.csv"].decode())))
    named = [c for c in cells if c["fact"] and c["value"]]
    assert len(named) > 200
    for cell in named:
        fact = facts[cell["fact"]]
        assert abs(float(cell["value"]) - float(fact["value"])) <= 0.5 * 10 ** -int(fact["decimals"]) + 1e-9


def test_the_ledger_was_written_in_the_same_step(issue: Issue) -> None:
    lines = (issue.desk.root / "content/ledger/periodisk-rapport/2026-t1.csv").read_text(encoding="utf-8")
    assert lines.startswith("id,value")
    assert "example" not in lines
    left = [p.name for p in (issue.desk.root / "output/published").iterdir() if p.name.startswith(".")]
    assert left in ([], [".lock"])


def test_every_file_is_held_by_its_checksum(files: dict[str, bytes]) -> None:
    assert faults(files) == []
    listed = files.keys() - {SUMS, SIGNATURE}
    spoilt = {name: flipped(data, 7919 * n) if name in listed else data for n, (name, data) in enumerate(files.items())}
    assert {fault.partition(" ")[2] for fault in faults(spoilt)} == listed
    gone = {name: files[name] for name in (SUMS, SIGNATURE)}
    assert faults(gone) == [f"file-missing {name}" for name in sorted(listed)]
    assert faults({**files, "more.txt": b""}) == ["extra-file more.txt"]


@pytest.fixture(scope="session")
def small() -> dict[str, bytes]:
    """A bundle so small that each of its bits can be turned."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = {"facts.csv": b"id,value\na,1\n", "manifest.json": b"{}", "tables/t.csv": "år,1\n".encode()}
    made[SUMS] = checksum_list(made)
    made[SIGNATURE] = sign(made[SUMS], Ed25519PrivateKey.from_private_bytes(bytes(32)))
    return made


def test_no_bit_of_any_file_can_change(small: dict[str, bytes]) -> None:
    assert faults(small) == []
    for name, data in small.items():
        for bit in range(len(data) * 8):
            assert faults({**small, name: flipped(data, bit)}), (name, bit)
        assert faults({**small, name: data[:-1]})
        assert faults({**small, name: data + b"\n"})


def test_no_bit_of_the_zip_can_change(small: dict[str, bytes]) -> None:
    data = pack(small, "small")
    assert unpack(data, "") == small
    for bit in range(len(data) * 8):
        with pytest.raises(ReportError):
            unpack(flipped(data, bit), "small.zip")
    for spoilt in (data[:-1], data + b"\0", b"\0" + data, b"", data[: len(data) // 2]):
        with pytest.raises(ReportError):
            unpack(spoilt, "small.zip")


@settings(max_examples=25, deadline=None)
@given(bit=st.integers(min_value=0))
def test_no_bit_of_a_whole_zip_can_change(issue: Issue, bit: int) -> None:
    with pytest.raises(ReportError):
        unpack(flipped(issue.archive.read_bytes(), bit), "bundle.zip")


def test_a_bundle_that_lost_its_signature_is_told_from_a_signed_one(issue: Issue, files: dict[str, bytes]) -> None:
    from report_builder.packages.signature import public_key

    bare = {name: data for name, data in files.items() if name != SIGNATURE}
    assert [p.code for p in seal_problems(bare, public_key(issue.key))] == ["not-signed"]


def test_another_key(issue: Issue, files: dict[str, bytes], tmp_path: Path) -> None:
    from report_builder.packages.signature import public_key

    _, other = key_pair(tmp_path)
    assert [p.code for p in seal_problems(files, public_key(other))] == ["other-key"]


def test_the_zip_has_the_same_bytes_each_time_and_those_of_the_folder(issue: Issue, files: dict[str, bytes]) -> None:
    again = pack(dict(reversed(files.items())), issue.folder.name)
    assert again == issue.archive.read_bytes()
    assert unpack(again, "") == files
    with zipfile.ZipFile(issue.archive) as plain:
        assert plain.testzip() is None
        assert [i.filename for i in plain.infolist()] == sorted(f"{issue.folder.name}/{name}" for name in files)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../outside.txt", "unsafe-path"),
        ("bundle/../../outside.txt", "unsafe-path"),
        ("/etc/outside.txt", "unsafe-path"),
        ("C:/outside.txt", "unsafe-path"),
        ("bundle\\..\\outside.txt", "unsafe-path"),
        ("bundle//outside.txt", "unsafe-path"),
        ("bundle/inside.txt", "broken-seal"),
    ],
)
def test_a_path_that_climbs_out_of_the_zip(issue: Issue, tmp_path: Path, name: str, code: str) -> None:
    path = tmp_path / "bundle.zip"
    shutil.copy(issue.archive, path)
    with zipfile.ZipFile(path, "a") as spoilt:
        spoilt.writestr(name, "x")
    with pytest.raises(ReportError) as refused:
        read_files(path)
    assert [p.code for p in refused.value.problems] == [code]
    assert [p.name for p in tmp_path.rglob("*")] == ["bundle.zip"]


def test_a_link_in_the_zip_and_in_the_folder(issue: Issue, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    entry = zipfile.ZipInfo("bundle/link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as spoilt:
        spoilt.writestr(entry, "/etc/passwd")
    with pytest.raises(ReportError, match="no plain file"):
        read_files(path)
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "facts.csv").symlink_to(issue.folder / "facts.csv")
    with pytest.raises(ReportError, match="links"):
        read_files(folder)


def test_a_changed_byte_is_told_at_the_door(issue: Issue, tmp_path: Path) -> None:
    folder = shutil.copytree(issue.folder, tmp_path / "bundle")
    page = folder / f"{STEM}.html"
    page.write_bytes(flipped(page.read_bytes(), 4711))
    (folder / "facts.csv").unlink()
    (folder / "note.txt").write_text("x", encoding="utf-8")
    done = report_builder("verify", "bundle", folder=tmp_path)
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert f"{STEM}.html: The file is not the one that was published" in said
    assert "facts.csv: The list of checksums names the file, and it is not here" in said
    assert "note.txt: The file was not published" in said


def test_a_forger_who_writes_all_checksums_anew_is_found_by_the_figures(files: dict[str, bytes]) -> None:
    """Unsigned, with every sum right again: the document, the tables and the editions no longer say the same."""
    import hashlib

    page = files[f"{STEM}.html"].decode()
    start = page.index('data-fact="arendebalans.antal.alla.2026-04-30">') + 47
    figure = page[start : page.index("<", start)]
    forged = dict(files)
    del forged[SIGNATURE]
    forged["tables/tab-balans.csv"] = files["tables/tab-balans.csv"].replace(b",589,", b",489,")
    forged[f"{STEM}.html"] = page.replace(figure, figure.replace("1", "9", 1), 1).encode()
    manifest = json.loads(forged["manifest.json"])
    for entry in manifest["outputs"]:
        entry["sha256"] = hashlib.sha256(forged[entry["file"]]).hexdigest()
    forged["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    forged[SUMS] = checksum_list(forged)
    assert faults(forged) == []
    without_pdf = {n: d for n, d in forged.items() if not n.endswith((".pdf", ".docx"))}
    told = [f"{p.code} {p.place}" for p in read_back(without_pdf, "").problems]
    assert any(fault.startswith(("unknown-figure", "wrong-figure")) and STEM in fault for fault in told)
    from report_builder.document import store

    inner = inner_problems(forged, store.loads(forged["document.json"], ""))
    assert [str(p.place) for p in inner] == ["tables/tab-balans.csv"]


def test_the_deliveries_of_the_release_before_stay_in_the_house_too(tmp_path: Path) -> None:
    from report_builder.contracts.odcs.load import load_contract
    from report_builder.packages.manifest import InputFile
    from report_builder.publishing.bundle import withheld_inputs
    from report_builder.workspace.workspace import Workspace

    workspace = Workspace(PROJECT)
    release, _ = workspace.release("periodisk-rapport/2026-t2")
    pinned = {pin.dataset: load_contract(PROJECT, pin.dataset, pin.contract) for pin in release.deliveries}
    names = (
        "content/periodisk-rapport/2026-t1/metrics/arenden.csv",
        "content/periodisk-rapport/2026-t1/release.yaml",
        "output/periodisk-rapport/2026-t1/document.json",
    )
    found = [InputFile(role="previous", version="", name=name, path=tmp_path) for name in names]
    assert withheld_inputs(found, pinned, release) == {names[0]}
