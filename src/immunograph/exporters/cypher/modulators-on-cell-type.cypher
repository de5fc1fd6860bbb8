// Modulators that act on a cell type, or on what it carries. Needs an export with inferred edges.
// $cell: CURIE, such as "CL:0000084".
MATCH (cell:Resource)-[:BROADER*0..]->(:Resource {id: $cell})
WITH DISTINCT cell
CALL (cell) {
  MATCH (cell)-[:EXPRESSES]->(target:Resource)
  MATCH (modulator:Modulator)-[r:INHIBITS|ACTIVATES|DEGRADES|DEPLETES|REPLACES|MODULATES|BINDS]->(target)
  RETURN modulator, r.predicate AS predicate, target
  UNION
  MATCH (modulator:Modulator)-[r:DEPLETES]->(cell)
  RETURN modulator, r.predicate AS predicate, null AS target
}
MATCH (action:Resource {id: 'ig:' + predicate})
RETURN DISTINCT modulator.id AS modulator, modulator.name AS modulator_label, action.name AS action,
       target.id AS target, target.name AS target_label, cell.id AS cell, cell.name AS cell_label,
       EXISTS { (modulator)-[:APPROVED_BY]->() } AS approved
ORDER BY modulator_label, target_label, cell_label, action, modulator, target, cell;
