// Where the mechanisms of two modulators meet and where they differ. Needs an export with inferred edges.
// $first, $second: CURIEs, such as "igd:tocilizumab" and "igd:upadacitinib".
UNWIND [[$first, 1], [$second, 2]] AS one
WITH one[0] AS id, one[1] AS weight
MATCH (modulator:Resource {id: id})
CALL (modulator) {
  MATCH (modulator)-[:ACTS_ON|AFFECTS_PROCESS]->(node) RETURN node, 1 AS distance
  UNION
  MATCH (modulator)-[:ACTS_ON]->()-[:AFFECTS_PROCESS|PARTICIPATES_IN|SUBUNIT_OF]->(node) RETURN node, 2 AS distance
}
WITH weight, node, min(distance) AS step
WITH node, min(step) AS nearest, sum(weight) AS sides
RETURN CASE sides WHEN 3 THEN 'both' WHEN 1 THEN 'first' ELSE 'second' END AS which,
       CASE nearest WHEN 1 THEN 'directly' ELSE 'through a target' END AS reached,
       node.id AS node, node.name AS node_label
ORDER BY which, reached, node_label, node;
