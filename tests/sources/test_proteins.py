"""Proteins as nodes: their names are those of the gene's protein, not of one form of it."""

from __future__ import annotations

import pytest

from immunograph.sources.proteins import protein_node
from immunograph.sources.uniprot import ProteinName


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (
            "HLA class I histocompatibility antigen, Cw-7 alpha chain",
            "HLA class I histocompatibility antigen, C alpha chain",
        ),
        (
            "HLA class I histocompatibility antigen, A-3 alpha chain",
            "HLA class I histocompatibility antigen, A alpha chain",
        ),
        (
            "HLA class II histocompatibility antigen, DRB1-15 beta chain",
            "HLA class II histocompatibility antigen, DRB1 beta chain",
        ),
        (
            "HLA class II histocompatibility antigen, DQ alpha 1 chain",
            "HLA class II histocompatibility antigen, DQ alpha 1 chain",
        ),
        ("Interleukin-6", "Interleukin-6"),
    ],
)
def test_a_protein_is_not_called_by_one_of_its_alleles(name: str, label: str) -> None:
    protein = ProteinName("P1", "X_HUMAN", name, (), (), False)
    assert protein_node(protein, [], "urn:x:source").label == label
