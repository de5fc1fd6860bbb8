// Biomarkers that foretell response, resistance or toxicity of a modulator; denied ones are marked.
// $modulator: CURIE, such as "igd:nivolumab".
MATCH (biomarker:Resource)-[r]->(:Resource {id: $modulator})
WHERE r.kind = 'BiomarkerAssociation' AND NOT r.inferred
MATCH (predicate:Resource {id: 'ig:' + r.predicate})
OPTIONAL MATCH (context:Resource {id: r.contextCondition})
UNWIND r.evidence AS id
MATCH (evidence:Resource {id: id})-[:SOURCE]->(source)
RETURN DISTINCT predicate.name AS foretells, biomarker.id AS biomarker, biomarker.name AS biomarker_label,
       context.name AS context, r.cutOff AS cut_off, r.population AS population, r.negated AS negated,
       source.title AS source, coalesce(evidence.title, evidence.identifier) AS record, evidence.address AS address
ORDER BY foretells, biomarker_label, context, cut_off, population, negated, source, record, address, biomarker;
