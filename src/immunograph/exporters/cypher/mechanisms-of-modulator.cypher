// Every mechanism of one modulator, with action type and evidence; denied ones are marked.
// $modulator: CURIE, such as "igd:tocilizumab".
MATCH (:Resource {id: $modulator})-[r]->(target:Resource)
WHERE r.kind = 'TargetAction' AND NOT r.inferred
MATCH (predicate:Resource {id: 'ig:' + r.predicate})
OPTIONAL MATCH (type:Resource {id: r.actionType})
OPTIONAL MATCH (role:Resource {id: r.actionRole})
UNWIND r.evidence AS id
MATCH (evidence:Resource {id: id})-[:SOURCE]->(source)
RETURN predicate.name AS action, target.id AS target, target.name AS target_label, type.name AS action_type,
       role.name AS role, r.negated AS negated, source.title AS source,
       coalesce(evidence.title, evidence.identifier) AS record, evidence.address AS address
ORDER BY target_label, action, source, record, address, action_type, role;
