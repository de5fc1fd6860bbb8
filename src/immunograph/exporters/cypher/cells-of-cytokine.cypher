// Cell types that secrete a cytokine or other mediator, and those that respond to it.
// $cytokine: CURIE of a target or modulator, such as "UniProtKB:P05231".
MATCH (cell:CellType)-[r:SECRETES|RESPONDS_TO]->(:Resource {id: $cytokine})
WHERE NOT r.inferred
MATCH (predicate:Resource {id: 'ig:' + r.predicate})
OPTIONAL MATCH (context:Resource {id: r.contextCondition})
UNWIND r.evidence AS evidence
MATCH (:Resource {id: evidence})-[:SOURCE]->(source)
WITH predicate.name AS role, cell, r.activationState AS state, context.name AS context,
     collect(DISTINCT source.title) AS titles
RETURN role, cell.id AS cell, cell.name AS cell_label, state, context,
       reduce(text = head(titles), title IN tail(titles) | text + ', ' + title) AS sources
ORDER BY role DESC, cell_label, state, context, cell;
