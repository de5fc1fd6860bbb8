// Biologics that bind the ligand and those that bind the receptor of one axis. Needs an export with inferred edges.
// $ligand: CURIE, such as "UniProtKB:P05231".
MATCH (ligand:Resource {id: $ligand})
CALL (ligand) {
  RETURN ligand AS node, 'ligand' AS side
  UNION
  MATCH (ligand)-[:SIGNALS_THROUGH]->(node) RETURN node, 'receptor' AS side
  UNION
  MATCH (node)-[:BINDS_LIGAND]->(ligand) RETURN node, 'receptor' AS side
}
MATCH (modulator:Resource)-[r:INHIBITS|ACTIVATES|MODULATES|BINDS|REPLACES]->(node)
WHERE 'ig:Biologic' IN modulator.inferredTypes OR modulator:Biologic
MATCH (action:Resource {id: 'ig:' + r.predicate})
RETURN DISTINCT side, node.id AS node, node.name AS node_label, modulator.id AS modulator,
       modulator.name AS modulator_label, action.name AS action
ORDER BY side, node_label, modulator_label, action, node, modulator;
