"""The IRIs of our terms, and which predicate makes which kind of association.

The ontology under ``ontology/modules`` says what each term means; this module only names them for code.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

IG = "https://w3id.org/immunograph/onto/"
IGA = "https://w3id.org/immunograph/association/"
IGD = "https://w3id.org/immunograph/id/"
IGE = "https://w3id.org/immunograph/evidence/"
IGG = "https://w3id.org/immunograph/graph/"
IGS = "https://w3id.org/immunograph/source/"

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
RDFS_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
SKOS_ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"
SKOS_NOTATION = "http://www.w3.org/2004/02/skos/core#notation"
SKOS_EXACT_MATCH = "http://www.w3.org/2004/02/skos/core#exactMatch"
SKOS_CLOSE_MATCH = "http://www.w3.org/2004/02/skos/core#closeMatch"
SKOS_DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
DCTERMS = "http://purl.org/dc/terms/"
DCTERMS_SOURCE = DCTERMS + "source"
DCTERMS_IDENTIFIER = DCTERMS + "identifier"
DCTERMS_TITLE = DCTERMS + "title"
DCAT_DATASET = "http://www.w3.org/ns/dcat#Dataset"
PAV_VERSION = "http://purl.org/pav/version"
SPDX_CHECKSUM = "http://spdx.org/rdf/terms#checksumValue"
XSD = "http://www.w3.org/2001/XMLSchema#"

NODE_KINDS = (
    "Modulator",
    "Target",
    "CellType",
    "Pathway",
    "ImmuneProcess",
    "Condition",
    "Measure",
    "Combination",
    "Regulator",
)
"""The kinds of node, as local names of ``ig:`` classes; a node states at least one."""

KIND_OF_PREDICATE: Mapping[str, str] = MappingProxyType(
    {
        "inhibits": "TargetAction",
        "degrades": "TargetAction",
        "depletes": "TargetAction",
        "activates": "TargetAction",
        "replaces": "TargetAction",
        "modulates": "TargetAction",
        "binds": "TargetAction",
        "hasMechanismStatus": "MechanismStatement",
        "hasLabelStatus": "LabelStatement",
        "signalsThrough": "Interaction",
        "bindsLigand": "Interaction",
        "inhibitsTarget": "Interaction",
        "activatesTarget": "Interaction",
        "stimulates": "ImmuneEffect",
        "suppresses": "ImmuneEffect",
        "shifts": "ImmuneEffect",
        "treats": "Indication",
        "prevents": "Indication",
        "studiedFor": "Indication",
        "ineffectiveFor": "Indication",
        "worsens": "Indication",
        "contraindicatedIn": "Indication",
        "withdrawnFor": "Indication",
        "hasAdverseEffect": "AdverseReaction",
        "participatesIn": "Membership",
        "subunitOf": "Membership",
        "memberOf": "Membership",
        "expresses": "Expression",
        "secretes": "Secretion",
        "respondsTo": "Response",
        "drives": "Involvement",
        "protectsFrom": "Involvement",
        "implicatedIn": "Involvement",
        "monitoredBy": "Monitoring",
        "requiresScreening": "Monitoring",
        "predictsResponse": "BiomarkerAssociation",
        "predictsResistance": "BiomarkerAssociation",
        "predictsToxicity": "BiomarkerAssociation",
        "combinedFor": "CombinationUse",
        "approvedBy": "Approval",
        "approvalWithdrawnBy": "Approval",
    }
)
"""Local name of a predicate → local name of the association kind that it belongs to."""

ASSOCIATION_KINDS = tuple(dict.fromkeys(KIND_OF_PREDICATE.values()))
"""Every association kind, in the order of ``docs/model.md``."""

OBJECT_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "TargetAction": ("Target",),
        "Interaction": ("Target",),
        "ImmuneEffect": ("ImmuneProcess", "CellType"),
        "Indication": ("Condition",),
        "AdverseReaction": ("Condition",),
        "Membership": ("Pathway", "Target"),
        "Expression": ("Target",),
        "Secretion": ("Target",),
        "Response": ("Target",),
        "Involvement": ("Condition",),
        "Monitoring": ("Measure",),
        "BiomarkerAssociation": ("Modulator",),
        "CombinationUse": ("Condition",),
        "Approval": ("Regulator",),
    }
)
"""Association kind → kinds of node that its object may be; ``depletes`` alone takes a cell type."""

SUBJECT_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "TargetAction": ("Modulator",),
        "MechanismStatement": ("Modulator",),
        "LabelStatement": ("Modulator",),
        "Interaction": ("Target",),
        "ImmuneEffect": ("Modulator", "Target", "Pathway", "ImmuneProcess", "CellType"),
        "Indication": ("Modulator", "Combination"),
        "AdverseReaction": ("Modulator", "Combination"),
        "Membership": ("Target",),
        "Expression": ("CellType",),
        "Secretion": ("CellType",),
        "Response": ("CellType",),
        "Involvement": ("Target", "ImmuneProcess", "Pathway", "CellType"),
        "Monitoring": ("Modulator", "Combination", "Condition"),
        "BiomarkerAssociation": ("Measure",),
        "CombinationUse": ("Combination",),
        "Approval": ("Modulator",),
    }
)
"""Association kind → kinds of node that its subject may be, besides a modulator class."""

NEGATIVE_ACTIONS = frozenset({"inhibits", "degrades", "depletes"})
POSITIVE_ACTIONS = frozenset({"activates", "replaces"})

STANDARD_GRAPHS = ("ontology", "inferred", "mappings")
"""Named graphs beside those by source, as local names of ``igg:``."""
