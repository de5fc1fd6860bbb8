#!/bin/sh
# Writes anew what describes the nodes in use: run it after a change of drugs, sheets or other statements.
#
#   sh data/describe.sh FOLDER_OF_PUBLIC_FILES [FOLDER_OF_DATA]
#
# The order matters: what adds proteins comes before what describes them, MONDO before HP before OAE, and what names
# processes and cells before GO and CL. Running it twice gives the same bytes.
set -eu
from=${1:?give the folder of the public files}
data=${2:-$(dirname "$0")}
terms=$from/ontologies
genes=$terms/hgnc_entries.tsv.gz
cpdb=$from/cellphonedb
proteins=$cpdb/uniprot.tab.gz
complexes=$cpdb/complex_input.csv
families=$from/famplex

describe() {
  source=$1
  shift
  echo "== $source"
  immunograph import "$source" "$@" --data "$data" --out "$data/$source"
}

describe cytokines "$from/cytokines/all_cytokines.tsv" "$genes" "$proteins" "$complexes" "$families/relations.csv" \
  "$terms/go.json.gz"
describe adjuvants "$from/vo/vaccine_adjuvant.csv" "$proteins" "$genes"
describe cellphonedb "$cpdb/interaction_input.csv.gz" "$complexes" "$proteins" "$genes" "$families/relations.csv"
describe famplex "$families/relations.csv" "$families/entities.csv" "$families/equivalences.csv" "$genes" "$complexes"
describe reactome "$from/reactome/ReactomePathways.txt.gz" "$from/reactome/ReactomePathwaysRelation.txt.gz" \
  "$from/reactome/uniprot_2_reactome_2025_01_14.human.tsv.gz"
describe wikipathways "$from/wikipathways/immune.tar.gz" "$genes"
describe proteins "$proteins" "$genes" "$cpdb/protein_input.csv" "$terms/UniProt-ontology-2026-01-28.json.zst"
describe mondo "$terms/MONDO-ontology-v2026-05-05.json.zst" "$terms/mondo.json.gz" "$terms/hp.obo.gz"
describe hp "$terms/hp.obo.gz"
describe oae "$from/oae/new_OAE_terms_2022.owl.gz"
describe go "$terms/go.json.gz"
describe cell-ontology "$from/cell_ontology/blood_and_immune_upper_slim.obo.gz" \
  "$terms/CL-ontology-v2026-03-26.json.zst"
