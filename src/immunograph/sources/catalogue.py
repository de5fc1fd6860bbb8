"""The importers by name, as ``immunograph import`` takes them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from immunograph.sources import (
    adjuvants,
    cellphonedb,
    cells,
    chembl,
    cytokines,
    drugbank_vocabulary,
    drugcentral,
    druglist,
    drugmechdb,
    famplex,
    go,
    hp,
    mondo,
    oae,
    onsides,
    proteins,
    purplebook,
    reactome,
    wikipathways,
)
from immunograph.sources.importer import Importer


@cache
def importers() -> Mapping[str, Importer]:
    """Every importer by the name of its source."""
    known: tuple[Importer, ...] = (
        druglist.IMPORTER,
        chembl.IMPORTER,
        drugcentral.IMPORTER,
        drugbank_vocabulary.IMPORTER,
        drugmechdb.IMPORTER,
        purplebook.IMPORTER,
        onsides.IMPORTER,
        cytokines.IMPORTER,
        adjuvants.IMPORTER,
        cellphonedb.IMPORTER,
        famplex.IMPORTER,
        reactome.IMPORTER,
        wikipathways.IMPORTER,
        proteins.IMPORTER,
        mondo.IMPORTER,
        hp.IMPORTER,
        oae.IMPORTER,
        go.IMPORTER,
        cells.IMPORTER,
    )
    return MappingProxyType({importer.source.slug: importer for importer in known})
