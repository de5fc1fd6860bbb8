// Modulators of an immune process or a part of it, by a statement of their own or through a target.
// Needs an export with inferred edges. $process: CURIE, such as "GO:0042110".
MATCH (process:Resource)-[:BROADER*0..]->(:Resource {id: $process})
WITH DISTINCT process
CALL (process) {
  MATCH (modulator:Modulator)-[r:STIMULATES|SUPPRESSES|SHIFTS]->(process)
  MATCH (action:Resource {id: 'ig:' + r.predicate})
  RETURN modulator, action.name AS action, null AS through, null AS effect
  UNION
  MATCH (through:Target)-[e:STIMULATES|SUPPRESSES|SHIFTS]->(process)
  MATCH (modulator:Modulator)-[r:INHIBITS|ACTIVATES|DEGRADES|REPLACES|MODULATES|BINDS|DEPLETES]->(through)
  MATCH (action:Resource {id: 'ig:' + r.predicate}) MATCH (effect:Resource {id: 'ig:' + e.predicate})
  RETURN modulator, action.name AS action, through, effect.name AS effect
}
RETURN DISTINCT modulator.id AS modulator, modulator.name AS modulator_label, action, through.id AS through,
       through.name AS through_label, effect, process.id AS process, process.name AS process_label
ORDER BY modulator_label, process_label, through_label, action, effect, modulator, process, through;
