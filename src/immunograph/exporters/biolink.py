"""Our kinds and predicates in the terms of the Biolink Model (4.4.6; https://w3id.org/biolink/biolink-model).

Biolink is coarser than the graph: every edge keeps our own predicate as ``original_predicate``. A sign becomes
``affects`` with a direction; what has no near term becomes ``related_to``. An edge is put into the narrowest class
whose subject and object it fits, else it is a plain ``Association``, which has no slots for directions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MODEL_VERSION = "4.4.6"

CHEMICALS = frozenset({"SmallMolecule", "Drug", "ChemicalEntity"})
GENE_PRODUCTS = frozenset({"Protein"})
TREATMENTS = CHEMICALS | {"Treatment"}
DISEASES = frozenset({"Disease", "PhenotypicFeature", "DiseaseOrPhenotypicFeature"})
PROCESSES = frozenset({"BiologicalProcess", "Pathway"})

_CATEGORY_OF_TYPE: Mapping[str, str] = MappingProxyType(
    {
        # targets, which endogenous modulators are too
        "Protein": "Protein",
        "ProteinComplex": "MacromolecularComplex",
        "ProteinFamily": "ProteinFamily",
        "NucleicAcid": "NucleicAcidEntity",
        "SmallMoleculeTarget": "SmallMolecule",
        # modulators by modality
        "SmallMolecule": "SmallMolecule",
        "LipidMediator": "SmallMolecule",
        "MetaboliteMediator": "SmallMolecule",
        "ImmuneHormone": "ChemicalEntity",
        "EndogenousLigand": "ChemicalEntity",
        "NutritionalModulator": "ChemicalEntity",
        "LifestyleModulator": "Treatment",
        "PhysicalTherapy": "Treatment",
        "Modulator": "Drug",
        "ModulatorClass": "Drug",
        "Combination": "Treatment",
        # the rest
        "Target": "BiologicalEntity",
        "CellType": "Cell",
        "Pathway": "Pathway",
        "ImmuneProcess": "BiologicalProcess",
        "Biomarker": "BiologicalEntity",
        "Regulator": "Agent",
        "Measure": "NamedThing",
    }
)
"""Type of a node → Biolink category; the first of these that a node has counts."""

_DECREASED = {"qualified_predicate": "biolink:causes", "object_direction_qualifier": "decreased"}
_INCREASED = {"qualified_predicate": "biolink:causes", "object_direction_qualifier": "increased"}
_AFFECTS_GENE = ("ChemicalAffectsGeneAssociation", CHEMICALS, GENE_PRODUCTS)
_AFFECTS = ("ChemicalAffectsBiologicalEntityAssociation", CHEMICALS, GENE_PRODUCTS | PROCESSES | {"Cell"})
_TREATS = ("ChemicalOrDrugOrTreatmentToDiseaseOrPhenotypicFeatureAssociation", TREATMENTS, DISEASES)
_ADVERSE = ("ChemicalOrDrugOrTreatmentAdverseEventAssociation", TREATMENTS, DISEASES)
_GENES = ("GeneToGeneAssociation", GENE_PRODUCTS, GENE_PRODUCTS)

NarrowClass = tuple[str, frozenset[str], frozenset[str]]
"""A class of association, and the categories that its subject and object may have."""


@dataclass(frozen=True, slots=True)
class Biolinked:
    """How one of our predicates is said in Biolink.

    Attributes:
        predicate: Biolink's, without prefix.
        narrow: the class that an edge has where its ends fit.
        slots: what the narrow class says besides, such as the direction.
        wide: the predicate where the ends do not fit the narrow class and its domain; else as ``predicate``.
    """

    predicate: str
    narrow: NarrowClass | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    wide: str = ""


PREDICATES: Mapping[str, Biolinked] = MappingProxyType(
    {
        "inhibits": Biolinked("affects", _AFFECTS_GENE, {**_DECREASED, "object_aspect_qualifier": "activity"}),
        "degrades": Biolinked("affects", _AFFECTS_GENE, {**_DECREASED, "object_aspect_qualifier": "abundance"}),
        "depletes": Biolinked("affects", _AFFECTS, {**_DECREASED, "object_aspect_qualifier": "abundance"}),
        "activates": Biolinked("affects", _AFFECTS_GENE, {**_INCREASED, "object_aspect_qualifier": "activity"}),
        "replaces": Biolinked(
            "affects", _AFFECTS_GENE, {**_INCREASED, "object_aspect_qualifier": "activity_or_abundance"}
        ),
        "modulates": Biolinked("affects", _AFFECTS_GENE, {"object_aspect_qualifier": "activity"}),
        "binds": Biolinked("directly_physically_interacts_with"),
        "hasMechanismStatus": Biolinked("related_to"),
        "hasLabelStatus": Biolinked("related_to"),
        "signalsThrough": Biolinked("affects"),
        "bindsLigand": Biolinked("directly_physically_interacts_with"),
        "inhibitsTarget": Biolinked("affects", _GENES, {**_DECREASED, "object_aspect_qualifier": "activity"}),
        "activatesTarget": Biolinked("affects", _GENES, {**_INCREASED, "object_aspect_qualifier": "activity"}),
        "stimulates": Biolinked(
            "affects", _AFFECTS, {**_INCREASED, "object_aspect_qualifier": "activity_or_abundance"}
        ),
        "suppresses": Biolinked(
            "affects", _AFFECTS, {**_DECREASED, "object_aspect_qualifier": "activity_or_abundance"}
        ),
        "shifts": Biolinked("affects"),
        "treats": Biolinked("treats", _TREATS),
        "prevents": Biolinked("preventative_for_condition"),
        "studiedFor": Biolinked("studied_to_treat"),
        "ineffectiveFor": Biolinked("studied_to_treat"),
        "worsens": Biolinked("exacerbates_condition"),
        "contraindicatedIn": Biolinked("contraindicated_in"),
        "withdrawnFor": Biolinked("applied_to_treat"),
        "hasAdverseEffect": Biolinked("has_adverse_event", _ADVERSE),
        "participatesIn": Biolinked("actively_involved_in"),
        "subunitOf": Biolinked("part_of"),
        "memberOf": Biolinked("member_of"),
        "expresses": Biolinked("expresses", wide="location_of"),
        "secretes": Biolinked("produces"),
        "respondsTo": Biolinked("affected_by"),
        "drives": Biolinked("contributes_to"),
        "protectsFrom": Biolinked("associated_with_decreased_likelihood_of"),
        "implicatedIn": Biolinked("associated_with"),
        "monitoredBy": Biolinked("related_to"),
        "requiresScreening": Biolinked("related_to"),
        "predictsResponse": Biolinked("associated_with_sensitivity_to", wide="associated_with_response_to"),
        "predictsResistance": Biolinked("associated_with_resistance_to", wide="associated_with_response_to"),
        "predictsToxicity": Biolinked("associated_with"),
        "combinedFor": Biolinked("treats_or_applied_or_studied_to_treat"),
        "approvedBy": Biolinked("related_to"),
        "approvalWithdrawnBy": Biolinked("related_to"),
    }
)
"""Local name of our predicate → how Biolink says it; an inferred edge with another predicate is ``related_to``."""

DOMAINS: Mapping[str, tuple[frozenset[str] | None, frozenset[str] | None]] = MappingProxyType(
    {
        **{
            name: (TREATMENTS, DISEASES)
            for name in (
                "treats preventative_for_condition studied_to_treat exacerbates_condition applied_to_treat "
                "has_adverse_event treats_or_applied_or_studied_to_treat"
            ).split()
        },
        "contraindicated_in": (TREATMENTS, None),
        "actively_involved_in": (None, PROCESSES),
        "expresses": (frozenset({"Cell"}), GENE_PRODUCTS),
        "associated_with_sensitivity_to": (None, CHEMICALS),
        "associated_with_resistance_to": (None, CHEMICALS),
    }
)
"""Biolink predicate → categories that its domain and range leave of ours; None for any."""

MECHANISMS: Mapping[str, str] = MappingProxyType(
    {
        "ig:InhibitorAction": "inhibition",
        "ig:AntagonistAction": "antagonism",
        "ig:InverseAgonistAction": "inverse_agonism",
        "ig:NegativeAllostericModulatorAction": "negative_allosteric_modulation",
        "ig:DegraderAction": "degradation",
        "ig:MolecularGlueAction": "degradation",
        "ig:AgonistAction": "agonism",
        "ig:PartialAgonistAction": "partial_agonism",
        "ig:PositiveAllostericModulatorAction": "positive_allosteric_modulation",
        "ig:ActivatorAction": "activation",
        "ig:CofactorAction": "cofactor",
        "ig:BinderAction": "binding",
        "ig:ModulatorAction": "modulation",
    }
)
"""``actionType`` → ``causal_mechanism_qualifier``, where Biolink has the same."""


def category_of(identifier: str, kinds: tuple[str, ...]) -> str:
    """The Biolink category of a node, without prefix."""
    if "Condition" in kinds:
        return {"MONDO": "Disease", "HP": "PhenotypicFeature"}.get(
            identifier.partition(":")[0], "DiseaseOrPhenotypicFeature"
        )
    known = set(kinds)
    return next((category for name, category in _CATEGORY_OF_TYPE.items() if name in known), "NamedThing")


def biolinked(predicate: str, subject: str, object_: str) -> tuple[str, str, Mapping[str, str]]:
    """How an edge between nodes of two categories is said: Biolink's predicate, class of association, further slots."""
    known = PREDICATES.get(predicate, Biolinked("related_to"))
    if known.narrow and subject in known.narrow[1] and object_ in known.narrow[2]:
        return known.predicate, known.narrow[0], known.slots
    said = known.wide if known.narrow and known.wide else known.predicate
    if not _fits(said, subject, object_):
        said = known.wide or "related_to"
    return said, "Association", {}


def _fits(predicate: str, subject: str, object_: str) -> bool:
    domain, range_ = DOMAINS.get(predicate, (None, None))
    return (domain is None or subject in domain) and (range_ is None or object_ in range_)
