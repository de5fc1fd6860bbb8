import datetime
from pathlib import Path

import pytest

from immunograph.errors import LoadError
from immunograph.identifiers import expand
from immunograph.importing import import_sheets, known_beside
from immunograph.model import Association, Evidence, Iri, Node, decimal, integer, plain, true, year
from immunograph.registry import Registry
from immunograph.sources.curated import Curation
from immunograph.sources.importer import ImportReport
from immunograph.sources.naming import Namer
from immunograph.sources.sheets import read_sheet
from immunograph.store.reading import read_nodes
from immunograph.vocabulary import IG, IGD

SHEET = """
documents:
  label: {title: MADEUP label, kind: label, address: "https://example.org/label", identifier: BLA1,
          consulted: 2026-11-22}
modulators:
  madeupmab:
    label: madeupmab
    modality: MonoclonalAntibody
    synonyms: [Madeup]
    document: label
    statements:
      - {inhibits: IL6R, type: Antagonist, role: primary, at: "12.1"}
      - {treats: arthritis, status: approved, regulator: FDA, year: 2019, at: "1"}
      - {hasAdverseEffect: {colitis: 3.5, fever: 1}, of: 100, by: [IL6R], section: adverse, at: "6.1"}
      - {hasAdverseEffect: [colitis], boxed: true, section: boxed, seriousness: serious, at: boxed}
      - {not: true, hasAdverseEffect: arthritis, at: "6.1"}
"""


def known() -> Registry:
    registry = Registry()
    for iri, kind, label in (
        ("urn:x:il6r", "Target", "IL6R"),
        ("urn:x:arthritis", "Condition", "arthritis"),
        ("urn:x:colitis", "Condition", "colitis"),
        ("urn:x:fever", "Condition", "fever"),
    ):
        registry.add(Node(iri, (kind,), label, ("urn:x:source",)))
    return registry


def records(tmp_path: Path, text: str) -> tuple[list[object], ImportReport]:
    path = tmp_path / "madeup.yaml"
    path.write_text(text, encoding="utf-8")
    report = ImportReport()
    found = Curation([read_sheet(path)], Namer(known(), Registry()), report).records()
    return [record for _, record in found], report


def associations(found: list[object]) -> list[Association]:
    return [record for record in found if isinstance(record, Association)]


def test_each_row_gives_one_association_an_object_with_its_qualifiers(tmp_path: Path) -> None:
    found, report = records(tmp_path, SHEET)
    action, use, *reactions = associations(found)
    assert not report.skipped
    assert (action.subject, action.predicate, action.object) == (IGD + "madeupmab", "inhibits", "urn:x:il6r")
    assert set(use.qualifiers) == {
        ("status", Iri(IG + "Approved")),
        ("regulator", Iri(IGD + "fda")),
        ("approvalYear", year(2019)),
    }
    with_percent = next(r for r in reactions if r.object == "urn:x:colitis" and len(r.qualifiers) == 4)
    assert set(with_percent.qualifiers) == {
        ("frequencyPercent", decimal("3.5")),
        ("denominator", integer(100)),
        ("mediatedBy", Iri(action.iri)),
        ("labelSection", Iri(IG + "AdverseReactionsSection")),
    }
    assert ("negated", true()) in next(r for r in reactions if r.object == "urn:x:arthritis").qualifiers


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("approvedBy: FDA", "approvalYear"),
        ("approvalWithdrawnBy: FDA", "decisionYear"),
        ("treats: arthritis, status: approved", "approvalYear"),
        ("treats: arthritis, status: withdrawn", "approvalYear"),
        ("withdrawnFor: arthritis, status: withdrawn", "decisionYear"),
        ("prevents: arthritis, status: refused", "decisionYear"),
    ],
)
def test_a_year_is_that_of_the_licence_or_of_another_decision(tmp_path: Path, row: str, name: str) -> None:
    found, report = records(tmp_path, SHEET + f"      - {{{row}, year: 2021, at: '1'}}\n")
    assert not report.skipped
    assert [dict(one.qualifiers).get(name) for one in associations(found)].count(year(2021)) == 1


def test_evidence_carries_document_section_and_day(tmp_path: Path) -> None:
    found, _ = records(tmp_path, SHEET)
    evidence = {record.section: record for record in found if isinstance(record, Evidence)}
    assert set(evidence) == {"1", "12.1", "6.1", "boxed"}
    assert evidence["1"].consulted == datetime.date(2026, 11, 22)
    assert (evidence["1"].address, evidence["1"].document_type) == ("https://example.org/label", "ProductLabel")


def test_each_of_two_documents_has_its_own_section(tmp_path: Path) -> None:
    paper = 'kind: paper, address: "https://example.org/paper", identifier: P1, consulted: 2026-11-22'
    text = SHEET.replace("modulators:", f"  paper: {{{paper}}}\nmodulators:")
    found, _ = records(tmp_path, text + '      - {inhibits: IL6R, doc: [label, paper], at: ["12.1", abstract]}\n')
    cited = {one.iri: (one.record, one.section) for one in found if isinstance(one, Evidence)}
    (action,) = (one for one in associations(found) if len(one.evidence) == 2)
    assert sorted(section for _, section in map(cited.__getitem__, action.evidence)) == ["12.1", "abstract"]


@pytest.mark.parametrize(
    ("day", "row", "rechecked"),
    [
        ("2026-11-23", "{inhibits: IL6R, at: '2'}", {"1", "2", "12.1", "6.1", "boxed"}),
        ("2026-11-23", "{inhibits: IL6R, at: '1', rechecked: false}", {"12.1", "6.1", "boxed"}),
        ("2026-11-23", "{inhibits: IL6R, at: '1', doc: again}", {"12.1", "6.1", "boxed"}),
        ("false", "{inhibits: IL6R, at: '2'}", set()),
    ],
)
def test_a_section_is_rechecked_if_every_row_that_cites_it_is(
    tmp_path: Path, day: str, row: str, rechecked: set[str]
) -> None:
    again = '  again: {kind: label, address: "https://example.org/label", identifier: BLA1, consulted: 2026-11-22}\n'
    sheet = SHEET.replace("consulted: 2026-11-22}\n", f"consulted: 2026-11-22, rechecked: {day}}}\n{again}")
    found, _ = records(tmp_path, f"{sheet}      - {row}\n")
    days = {record.section: record.rechecked for record in found if isinstance(record, Evidence)}
    assert {section for section, found_day in days.items() if found_day} == rechecked
    assert set(days.values()) <= {None, datetime.date(2026, 11, 23)}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{hasAdverseEffect: colitus, at: '1'}", "a name that fits nothing"),
        ("{hasAdverseEffect: {colitis: 120}, at: '1'}", "a percentage outside 0-100"),
        ("{hasAdverseEffect: colitis, section: appendix}", "an unknown value of `section`"),
        ("{hasAdverseEffect: colitis, doc: other}", "a document that the sheet does not describe"),
        ("{hasAdverseEffect: colitis, colour: red}", "an unknown key"),
        ("{hasAdverseEffect: colitis, of: many}", "`of` is not a whole number"),
        ("{inhibits: IL6R, type: Magic}", "an unknown action type"),
        ("{inhibits: IL6R, at: [abstract, text]}", "sections that do not fit the documents"),
        ("{hasAdverseEffect: colitis, by: [fever]}", "a name that fits nothing"),
        ("{treats: colitis, status: approved, year: 2062}", "a year that cannot be"),
        ("{treats: colitis, status: approved, year: 206}", "a year that cannot be"),
        ("{approvedBy: FDA, year: 2027}", "a year that cannot be"),
    ],
)
def test_a_row_that_cannot_be_written_is_counted_with_its_line_and_nothing_is_guessed(
    tmp_path: Path, row: str, reason: str
) -> None:
    found, report = records(tmp_path, SHEET + f"      - {row}\n")
    assert len(associations(found)) == 6
    assert report.skipped == {reason: 1}
    assert report.examples[reason][0].at.line == len(SHEET.splitlines()) + 1


@pytest.mark.parametrize(
    ("row", "predicate", "value"),
    [
        ("{hasLabelStatus: no contraindications}", "hasLabelStatus", "NoContraindications"),
        ("{hasLabelStatus: No laboratory monitoring}", "hasLabelStatus", "NoLaboratoryMonitoring"),
        ("{hasMechanismStatus: MechanismNotEstablished}", "hasMechanismStatus", "MechanismNotEstablished"),
    ],
)
def test_a_status_is_written_as_one_word_or_as_several(tmp_path: Path, row: str, predicate: str, value: str) -> None:
    found, _ = records(tmp_path, SHEET + f"      - {row}\n")
    (status,) = (one for one in associations(found) if one.predicate == predicate)
    assert status.object == IG + value


def test_a_status_of_another_kind_is_refused(tmp_path: Path) -> None:
    found, report = records(tmp_path, SHEET + "      - {hasLabelStatus: mechanism not established}\n")
    assert not [one for one in associations(found) if one.predicate == "hasLabelStatus"]
    (left_out,) = report.examples["an unknown status"]
    assert "NoContraindications, NoLaboratoryMonitoring" in left_out.detail


def test_a_near_name_is_suggested(tmp_path: Path) -> None:
    _, report = records(tmp_path, SHEET + "      - {hasAdverseEffect: colitus}\n")
    assert "colitis" in report.examples["a name that fits nothing"][0].detail


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "not valid YAML"),
        ("- a", "not a mapping of sections"),
        ("drugs: {}", "unknown section"),
        ("aliases: {a: b, a: c}", "given twice"),
        ("modulators: {a: {statements: [{at: '1'}]}}", "exactly one predicate"),
        ("modulators: {a: {statements: [{inhibits: b, activates: b}]}}", "exactly one predicate"),
        ("statements: [{inhibits: b}]", "needs a `subject`"),
    ],
)
def test_a_sheet_that_is_malformed_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LoadError, match=message) as caught:
        list(read_sheet(path).statements(ImportReport(is_strict=True)))
    assert caught.value.at.path == path


def test_sheets_are_written_one_file_each(tmp_path: Path) -> None:
    sheet = tmp_path / "madeup.yaml"
    sheet.write_text(SHEET, encoding="utf-8")
    out = tmp_path / "out"
    import_sheets([sheet], out, known())
    assert sorted(path.name for path in out.iterdir()) == ["madeup.ttl", "source.ttl"]
    first = (out / "madeup.ttl").read_bytes()
    import_sheets([sheet], out, known())
    assert (out / "madeup.ttl").read_bytes() == first
    regulator, node = read_nodes([out / "madeup.ttl"])
    assert regulator.types == ("Regulator",)
    assert (node.label, node.synonyms) == ("madeupmab", ("Madeup",))
    assert set(node.types) == {"Modulator", "MonoclonalAntibody", "TherapeuticModulator"}


def test_a_modulator_that_another_source_brings_keeps_its_iri_and_label(tmp_path: Path) -> None:
    registry = known()
    registry.add(Node("urn:x:other", ("Modulator", "MonoclonalAntibody"), "Madeupmab", ("urn:x:source",)))
    path = tmp_path / "madeup.yaml"
    path.write_text(SHEET, encoding="utf-8")
    found = [r for _, r in Curation([read_sheet(path)], Namer(registry, Registry()), ImportReport()).records()]
    (node,) = [record for record in found if isinstance(record, Node) and "Modulator" in record.types]
    assert (node.iri, node.label, node.synonyms) == ("urn:x:other", "Madeupmab", ("Madeup",))
    assert {a.subject for a in associations(found)} == {"urn:x:other"}


def test_mondo_goes_before_hp_and_a_label_before_a_synonym(tmp_path: Path) -> None:
    outside = Registry()
    hp, mondo = "http://purl.obolibrary.org/obo/HP_1", "http://purl.obolibrary.org/obo/MONDO_1"
    outside.add(Node(hp, ("Condition",), "rash", ()))
    assert Namer(Registry(), outside).resolve("Rash", ("Condition",)) == hp
    outside.add(Node(mondo, ("Condition",), "exanthem", (), synonyms=("rash",)))
    assert Namer(Registry(), outside).resolve("Rash", ("Condition",)) == mondo
    outside.add(Node("urn:x:label", ("Target",), "ABC", ()))
    outside.add(Node("http://purl.uniprot.org/uniprot/P1", ("Target",), "ABCD", (), synonyms=("ABC",)))
    assert Namer(Registry(), outside).resolve("abc", ("Target",)) == "urn:x:label"


def test_a_population_is_kept_as_written(tmp_path: Path) -> None:
    found, _ = records(tmp_path, SHEET + "      - {prevents: colitis, population: adults over 65, line: second}\n")
    assert set(associations(found)[-1].qualifiers) == {
        ("population", plain("adults over 65")),
        ("lineOfTherapy", plain("second")),
    }


def test_a_malformed_row_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    found, report = records(tmp_path, SHEET + "      - {turnsInto: colitis}\n")
    assert len(associations(found)) == 6
    assert report.skipped == {"a malformed row": 1}


def test_one_label_is_one_node_whatever_the_slugs(tmp_path: Path) -> None:
    registry = known()
    paths = []
    for name, slug in (("one", "feno"), ("two", "exhaled-nitric-oxide")):
        paths.append(tmp_path / f"{name}.yaml")
        text = f"measures: {{{slug}: {{label: exhaled nitric oxide, types: [LaboratoryTest], synonyms: [{name}]}}}}"
        paths[-1].write_text(text, encoding="utf-8")
    curation = Curation([read_sheet(path) for path in paths], Namer(registry, Registry()), ImportReport())
    ((sheet, node),) = curation.records()
    assert sheet == "one"
    assert isinstance(node, Node)
    assert (node.iri, set(node.synonyms)) == (IGD + "feno", {"one", "two"})


def test_a_phenotype_that_a_curator_merged_is_written_as_the_disease() -> None:
    outside = Registry()
    outside.add(Node(expand("HP:0011675"), ("Condition",), "Arrhythmia", ()))
    merged = {expand("HP:0011675"): expand("MONDO:0007263")}
    assert Namer(Registry(), outside, same=merged).resolve("arrhythmia", ("Condition",)) == expand("MONDO:0007263")


@pytest.mark.parametrize(
    ("roles", "subject"),
    [
        ("modality: RecombinantCytokine\n    roles: [therapeutic]", IGD + "madeupmab"),
        ("roles: [endogenous]", "urn:x:il6"),
    ],
)
def test_a_medicine_is_not_the_mediator_whose_synonym_is_its_name(tmp_path: Path, roles: str, subject: str) -> None:
    types = ("Modulator", "EndogenousModulator")
    registry = known()
    registry.add(Node("urn:x:il6", types, "IL6", ("urn:x:source",), synonyms=("madeupmab",)))
    path = tmp_path / "madeup.yaml"
    path.write_text(SHEET.replace("modality: MonoclonalAntibody", roles))
    found = [r for _, r in Curation([read_sheet(path)], Namer(registry, Registry()), ImportReport()).records()]
    assert {one.subject for one in found if isinstance(one, Association)} == {subject}


@pytest.mark.parametrize(
    ("modality", "subject"), [("VaccineAdjuvant", IGD + "madeupmab"), ("MonoclonalAntibody", "urn:x:made")]
)
def test_a_synonym_of_another_modality_is_another_thing(tmp_path: Path, modality: str, subject: str) -> None:
    registry = known()
    registry.add(Node("urn:x:made", ("Modulator", modality), "made up", ("urn:x:source",), synonyms=("madeupmab",)))
    path = tmp_path / "madeup.yaml"
    path.write_text(SHEET)
    found = [r for _, r in Curation([read_sheet(path)], Namer(registry, Registry()), ImportReport()).records()]
    assert {one.subject for one in found if isinstance(one, Association)} == {subject}


def test_a_curator_can_tell_an_entry_from_the_node_that_lists_its_name(tmp_path: Path) -> None:
    registry = known()
    types = ("Modulator", "MonoclonalAntibody")
    registry.add(Node("urn:x:made", types, "made", ("urn:x:source",), synonyms=("madeupmab",)))
    path = tmp_path / "madeup.yaml"
    path.write_text(SHEET + "aliases:\n  madeupmab: igd:madeupmab\n")
    found = [r for _, r in Curation([read_sheet(path)], Namer(registry, Registry()), ImportReport()).records()]
    (node,) = (one for one in found if isinstance(one, Node) and one.iri == IGD + "madeupmab")
    assert node.label == "madeupmab"
    assert {one.subject for one in found if isinstance(one, Association)} == {node.iri}


def test_an_entry_without_a_label_means_what_the_sheet_with_the_label_declares(tmp_path: Path) -> None:
    registry = known()
    types = ("Modulator", "EndogenousModulator")
    registry.add(Node("urn:x:made", types, "made", ("urn:x:source",), synonyms=("madeupmab",)))
    (tmp_path / "a-years.yaml").write_text(
        'documents: {d: {title: t, kind: regulator, address: "https://example.org/y", consulted: 2026-11-22}}\n'
        "modulators: {madeupmab: {document: d, statements: [{approvedBy: FDA, year: 2019}]}}\n"
    )
    (tmp_path / "b-class.yaml").write_text(SHEET.replace("    synonyms", "    roles: [therapeutic]\n    synonyms"))
    sheets = [read_sheet(path) for path in sorted(tmp_path.glob("*.yaml"))]
    found = [record for _, record in Curation(sheets, Namer(registry, Registry()), ImportReport()).records()]
    assert {one.subject for one in found if isinstance(one, Association)} == {IGD + "madeupmab"}
    assert not [one for one in found if isinstance(one, Node) and one.iri == "urn:x:made"]


def test_a_document_that_is_described_twice_is_of_the_kind_that_comes_first(tmp_path: Path) -> None:
    document = 'kind: review, address: "https://example.org/label", identifier: BLA1, consulted: 2026-11-22'
    other = f"  again: {{title: same, {document}}}\n"
    text = SHEET.replace("modulators:", other + "modulators:").replace("regulator: FDA,", "doc: again, regulator: FDA,")
    found, report = records(tmp_path, text)
    kinds = {one.document_type for one in found if isinstance(one, Evidence)}
    assert kinds == {"ProductLabel"}
    assert report.skipped["a document that sheets call of two kinds"] == 1
    assert report.examples["a document that sheets call of two kinds"][0].detail == "again: review, elsewhere label"


@pytest.mark.parametrize(
    ("old", "new", "reason", "detail"),
    [
        ("    synonyms", "    roles: [therapeutic, preventve]\n    synonyms", "a role that is not known", "preventve"),
        ("    synonyms", "    colour: red\n    synonyms", "a key that entries of this section do not have", "colour"),
        ("[colitis], boxed", "[], boxed", "a malformed row", "`hasAdverseEffect` names nothing"),
        ("[colitis], boxed", ", boxed", "a malformed row", "`hasAdverseEffect` names nothing"),
    ],
)
def test_what_means_nothing_is_reported(tmp_path: Path, old: str, new: str, reason: str, detail: str) -> None:
    assert records(tmp_path, SHEET)[1].skipped == {}
    found, report = records(tmp_path, SHEET.replace(old, new))
    assert report.skipped == {reason: 1}
    assert detail in report.examples[reason][0].detail
    nodes = [record for record in found if isinstance(record, Node) and record.iri == IGD + "madeupmab"]
    assert nodes[0].types == ("Modulator", "MonoclonalAntibody", "TherapeuticModulator")


@pytest.mark.parametrize("section", ["modulators", "documents", "aliases", "names"])
def test_a_section_that_is_no_mapping_is_refused(tmp_path: Path, section: str) -> None:
    with pytest.raises(LoadError, match=rf"madeup\.yaml: {section} is not a mapping"):
        records(tmp_path, f"{section}: hello\n")


def test_every_row_left_out_of_a_sheet_is_listed(tmp_path: Path) -> None:
    rows = "".join(f"      - {{treats: nothing {number}}}\n" for number in range(9))
    (tmp_path / "madeup.yaml").write_text(SHEET + rows, encoding="utf-8")
    report = import_sheets([tmp_path / "madeup.yaml"], tmp_path / "out", known())
    assert report.skipped["a name that fits nothing"] == len(report.examples["a name that fits nothing"]) == 9


def test_what_is_known_stands_beside_what_is_written(tmp_path: Path) -> None:
    """In a checkout, an installed package must not stand in for the data of the checkout."""
    data = tmp_path / "data"
    (data / "curated").mkdir(parents=True)
    (data / "curated" / "source.ttl").write_text("", encoding="utf-8")
    assert known_beside(data / "curated") is None
    (data / "chembl").mkdir()
    (data / "chembl" / "source.ttl").write_text("", encoding="utf-8")
    assert known_beside(data / "curated") == data
    assert known_beside(tmp_path / "new") is None


def test_names_are_written_with_the_node_and_used_in_rows(tmp_path: Path) -> None:
    rows = '      - {hasAdverseEffect: ART, at: "6.1"}\nnames: {ART: "MONDO:1", Nobody: "igd:nobody"}\n'
    registry = known()
    registry.add(Node(expand("MONDO:1"), ("Condition",), "made-up disease", ("urn:x:source",)))
    (tmp_path / "madeup.yaml").write_text(SHEET + rows, encoding="utf-8")
    report = ImportReport()
    sheet = read_sheet(tmp_path / "madeup.yaml")
    found = [record for _, record in Curation([sheet], Namer(registry, Registry()), report).records()]
    named = [record for record in found if isinstance(record, Node) and record.iri == expand("MONDO:1")]
    assert [(node.label, node.synonyms, node.types) for node in named] == [
        ("made-up disease", ("ART",), ("Condition",))
    ]
    assert any(one.object == expand("MONDO:1") for one in associations(found))
    assert report.skipped == {"a name of a node that nobody describes": 1}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{worsen: colitis}", "has worsen; did you mean worsens?"),
        ("{inhibits: IL6R, treats: colitis}", "has inhibits and treats: make them two rows"),
        ("{at: '1', section: boxed}", "has at, section; docs/model.md has them"),
    ],
)
def test_a_row_without_its_one_predicate_is_told_once_and_helped(tmp_path: Path, row: str, told: str) -> None:
    _, report = records(tmp_path, SHEET + f"      - {row}\n")
    (skip,) = report.examples["a malformed row"]
    assert skip.detail == f"a row needs exactly one predicate; {told}"
    assert skip.at.line == len(SHEET.splitlines()) + 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{treats: colitis, regulater: FDA}", "regulater; did you mean regulator?"),
        ("{treats: colitis, doc: lable}", "lable; did you mean label?"),
    ],
)
def test_a_misspelt_key_or_document_is_helped(tmp_path: Path, row: str, told: str) -> None:
    _, report = records(tmp_path, SHEET + f"      - {row}\n")
    assert [skip.detail for skips in report.examples.values() for skip in skips] == [told]


@pytest.mark.parametrize(
    ("old", "new", "reason", "told"),
    [
        (
            "https://example.org",
            "example.org",
            "an address without https://",
            "https://example.org/label`, not example",
        ),
        ("https://example", "https:/example", "an address without https://", "https://example.org/label`, not https:/"),
        ('"https://example.org/label"', '""', "a document without an address", "address: https://"),
        ("kind: label", "kind: leaflet", "a document of an unknown kind", "known are label"),
        ("2026-11-22", "2062-11-22", "a day in the future", "`consulted: 2062-11-22`"),
        ("2026-11-22", "2026-11-22, rechecked: 2062-11-23", "a day in the future", "`rechecked: 2062-11-23`"),
        ("2026-11-22", "2026-11-22, rechecked: 2026-11-21", "a second reading before the first", "2026-11-21"),
        ("2026-11-22", "November", "a document without the day it was consulted", "YYYY-MM-DD"),
    ],
)
def test_a_document_that_cannot_be_cited_is_told_once_at_its_line(
    tmp_path: Path, old: str, new: str, reason: str, told: str
) -> None:
    found, report = records(tmp_path, SHEET.replace(old, new))
    assert report.skipped == {reason: 1}
    (skip,) = report.examples[reason]
    assert (skip.at.line, told in skip.detail) == (3, True)
    assert skip.detail.endswith("; rows left out that cite it: 6")
    assert not associations(found)


@pytest.mark.parametrize(
    ("row", "reason", "told"),
    [
        ("{prevents: colitis}", "a row without `at`, the section to look in", "prevents colitis"),
        ("{approvedBy: FDA, at: '1'}", "an approval without its year", "approvedBy FDA"),
        ("{not: true, hasAdverseEffect: arthritis, at: '6.1'}", "a row that says what another one says", ":16"),
    ],
)
def test_what_is_odd_is_noted_and_written(tmp_path: Path, row: str, reason: str, told: str) -> None:
    assert not records(tmp_path, SHEET)[1].notes
    found, report = records(tmp_path, SHEET + f"      - {row}\n")
    assert len(associations(found)) == 7
    assert (report.skipped, list(report.notes)) == ({}, [reason])
    (note,) = report.notes[reason]
    assert note.at.line == len(SHEET.splitlines()) + 1
    assert note.detail.endswith(told)
