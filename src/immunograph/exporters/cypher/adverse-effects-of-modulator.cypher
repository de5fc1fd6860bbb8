// Adverse effects stated of one modulator, with frequency, warning and source; denied ones are marked.
// $modulator: CURIE, such as "igd:tocilizumab".
MATCH (:Resource {id: $modulator})-[r:HAS_ADVERSE_EFFECT|NOT_HAS_ADVERSE_EFFECT]->(effect:Resource)
WHERE NOT r.inferred
OPTIONAL MATCH (band:Resource {id: r.frequencyBand})
OPTIONAL MATCH (seriousness:Resource {id: r.seriousness})
OPTIONAL MATCH (section:Resource {id: r.labelSection})
OPTIONAL MATCH (context:Resource {id: r.contextCondition})
UNWIND r.evidence AS id
MATCH (evidence:Resource {id: id})-[:SOURCE]->(source)
RETURN DISTINCT effect.id AS effect, effect.name AS effect_label, r.frequencyPercent AS percent,
       r.denominator AS denominator, band.name AS band, seriousness.name AS seriousness,
       coalesce(r.boxedWarning, false) AS boxed, section.name AS section, context.name AS context,
       r.population AS population, r.negated AS negated, source.title AS source,
       coalesce(evidence.title, evidence.identifier) AS record, evidence.address AS address
ORDER BY boxed DESC, effect_label, percent DESC, context, population, section, band, seriousness, denominator, negated,
         source, record, address, effect;
