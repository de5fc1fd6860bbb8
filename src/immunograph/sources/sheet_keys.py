"""What the keys of a sheet's row mean: the qualifiers of ``docs/model.md`` and their closed values."""

from __future__ import annotations

from collections.abc import Mapping

DOCUMENT_TYPES: Mapping[str, tuple[str, str]] = {
    "label": ("ProductLabel", "0000033"),
    "regulator": ("RegulatoryDocument", "0000033"),
    "guideline": ("Guideline", "0000033"),
    "trial": ("TrialReport", "0006016"),
    "paper": ("ResearchArticle", "0006016"),
    "review": ("ReviewArticle", "0000033"),
    "registry": ("RegistryRecord", "0000033"),
}
"""Kind of document → our document type and the ECO term: author statement supported by traceable reference
(0000033), or by the clinical study that it reports (0006016)."""

CLOSED_VALUES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "status": (
        "status",
        {
            "approved": "Approved",
            "recommended": "Recommended",
            "investigational": "Investigational",
            "off-label": "OffLabel",
            "refused": "Refused",
            "withdrawn": "Withdrawn",
        },
    ),
    "role": ("actionRole", {"primary": "PrimaryAction", "off-target": "OffTargetAction"}),
    "side": ("axisSide", {"ligand": "LigandSide", "receptor": "ReceptorSide"}),
    "band": (
        "frequencyBand",
        {
            "very-common": "VeryCommon",
            "common": "Common",
            "uncommon": "Uncommon",
            "rare": "Rare",
            "very-rare": "VeryRare",
            "not-known": "FrequencyNotKnown",
        },
    ),
    "seriousness": (
        "seriousness",
        {"serious": "Serious", "life-threatening": "LifeThreatening", "fatal": "Fatal", "not-serious": "NotSerious"},
    ),
    "section": (
        "labelSection",
        {
            "boxed": "BoxedWarningSection",
            "contraindications": "ContraindicationsSection",
            "warnings": "WarningsSection",
            "adverse": "AdverseReactionsSection",
            "postmarketing": "PostmarketingSection",
        },
    ),
    "when": (
        "timing",
        {
            "before": "BeforeTreatment",
            "during": "DuringTreatment",
            "before-and-during": "BeforeAndDuringTreatment",
            "after": "AfterTreatment",
        },
    ),
}
"""Key of a row → qualifier and its closed values."""

TEXT_QUALIFIERS = {
    "population": "population",
    "line": "lineOfTherapy",
    "every": "interval",
    "cutoff": "cutOff",
    "state": "activationState",
    "role-in": "membershipRole",
}
"""Key of a row → qualifier whose value is a text in our words."""

NAMED_QUALIFIERS = {
    "context": ("contextCondition", "Condition"),
    "cell": ("cellContext", "CellType"),
    "for": ("forRisk", "Condition"),
    "regulator": ("regulator", "Regulator"),
    "complex": ("requiresComplex", "Target"),
}
"""Key of a row → qualifier whose value is a node, and the kind of that node."""

KINDS_OF_KEY: Mapping[str, tuple[str, ...]] = {
    "type": ("TargetAction",),
    "role": ("TargetAction",),
    "side": ("TargetAction",),
    "affinity": ("TargetAction",),
    "complex": ("Interaction",),
    "status": ("Indication", "Approval"),
    "regulator": ("Indication",),
    "year": ("Indication", "Approval"),
    "phase": ("Indication",),
    "line": ("Indication",),
    "percent": ("AdverseReaction",),
    "of": ("AdverseReaction",),
    "band": ("AdverseReaction",),
    "seriousness": ("AdverseReaction",),
    "boxed": ("AdverseReaction",),
    "section": ("AdverseReaction", "Indication"),
    "by": ("AdverseReaction",),
    "for": ("Monitoring",),
    "when": ("Monitoring",),
    "every": ("Monitoring",),
    "cutoff": ("BiomarkerAssociation",),
    "state": ("Expression", "Secretion", "Response"),
    "role-in": ("Membership",),
}
"""Key of a row → kinds of association that carry its qualifier; other keys go with every kind."""

OTHER_KEYS = frozenset({"at", "doc", "subject", "context", "cell", "population", "not", "rechecked"})
"""Keys that rows of every kind may have."""

STATUSES: Mapping[str, tuple[str, ...]] = {
    "MechanismStatement": ("MechanismNotEstablished",),
    "LabelStatement": ("NoContraindications", "NoLaboratoryMonitoring"),
}
"""Kind of association whose object is a closed value → the values, as local names of ``ig:``."""

KEYS_OF_ENTRY: Mapping[str, frozenset[str]] = {
    "modulators": frozenset({"label", "modality", "roles", "synonyms", "xrefs", "document", "statements"}),
    "targets": frozenset({"label", "types", "synonyms", "xrefs", "parts", "document"}),
    "measures": frozenset({"label", "types", "synonyms", "xrefs", "broader", "document"}),
    "conditions": frozenset({"label", "synonyms", "xrefs", "broader", "document"}),
    "combinations": frozenset({"label", "synonyms", "members", "document", "statements"}),
}
"""Section of a sheet → the keys that its entries have."""
