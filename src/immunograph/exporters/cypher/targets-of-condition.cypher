// What drives a condition, protects from it, or is implicated in it. Needs an export with inferred edges.
// $condition: CURIE, such as "MONDO:0008383".
MATCH (node:Resource)-[r]->(condition:Resource {id: $condition})
WHERE r.kind = 'Involvement' AND NOT r.negated AND NOT r.inferred
MATCH (predicate:Resource {id: 'ig:' + r.predicate})
UNWIND r.evidence AS evidence
MATCH (:Resource {id: evidence})-[:SOURCE]->(source)
WITH predicate.name AS role, node, condition, collect(DISTINCT source.title) AS titles
OPTIONAL MATCH (modulator:Resource)-[:ACTS_ON]->(node)
WHERE EXISTS { (modulator)-[:APPROVED_BY]->() }
WITH role, node, titles, modulator,
     CASE WHEN EXISTS { (modulator)-[:USED_FOR]->(condition) } THEN modulator END AS user
RETURN role, node.id AS node, node.name AS node_label,
       CASE WHEN node:Target THEN 'target' WHEN node:CellType THEN 'cell type' WHEN node:Pathway THEN 'pathway'
            ELSE 'process' END AS kind,
       count(DISTINCT modulator) AS approved, count(DISTINCT user) AS treating,
       reduce(text = head(titles), title IN tail(titles) | text + ', ' + title) AS sources
ORDER BY role, kind, node_label, node;
