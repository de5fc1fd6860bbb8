// Combinations for a condition or a narrower one, with what they share. Needs an export with inferred edges.
// $condition: CURIE, such as "MONDO:0005105".
MATCH (condition:Condition)-[:BROADER*0..]->(:Resource {id: $condition})
WITH DISTINCT condition
MATCH (combination:Combination)-[r]->(condition)
WHERE r.kind IN ['Indication', 'CombinationUse'] AND NOT r.negated AND NOT r.inferred
MATCH (predicate:Resource {id: 'ig:' + r.predicate})
UNWIND r.evidence AS evidence
MATCH (:Resource {id: evidence})-[:SOURCE]->(source)
WITH combination, predicate.name AS use, condition, collect(DISTINCT source.title) AS titles
MATCH (combination)-[:MEMBER]->(member)
WITH combination, use, condition, titles, collect(DISTINCT member.name) AS members
RETURN combination.id AS combination, combination.name AS combination_label, use, condition.id AS condition,
       condition.name AS condition_label,
       reduce(text = head(members), name IN tail(members) | text + ', ' + name) AS members,
       EXISTS { (combination)-[:HAS_COMPLEMENTARY_MECHANISM_FOR]->(condition) } AS complementary,
       COUNT { (combination)-[:HAS_SHARED_TOXICITY]->() } AS shared_toxicities,
       reduce(text = head(titles), title IN tail(titles) | text + ', ' + title) AS sources
ORDER BY condition_label, combination_label, use, combination, condition;
