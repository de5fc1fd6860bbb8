// What is monitored or screened for with a modulator: stated, stated of its class, or inferred from its mechanism.
// Needs an export with inferred edges. $modulator: CURIE, such as "igd:adalimumab".
MATCH (modulator:Resource {id: $modulator})
CALL (modulator) {
  RETURN modulator AS about, 'stated' AS basis, null AS for_class
  UNION
  MATCH (class:ModulatorClass) WHERE class.id IN modulator.inferredTypes
  RETURN class AS about, 'stated of its class' AS basis, class.name AS for_class
  UNION
  RETURN null AS about, 'inferred from mechanism' AS basis, null AS for_class
}
CALL (modulator, about) {
  MATCH (about)-[r:MONITORED_BY|REQUIRES_SCREENING|HAS_LABEL_STATUS]->(measure)
  WHERE measure.id <> 'ig:NoContraindications' AND NOT r.inferred AND NOT EXISTS {
    MATCH (modulator)-[denial]->(measure) WHERE denial.negated AND denial.predicate = r.predicate
  }
  OPTIONAL MATCH (risk:Resource {id: r.forRisk})
  OPTIONAL MATCH (timing:Resource {id: r.timing})
  UNWIND r.evidence AS id
  MATCH (evidence:Resource {id: id})-[:SOURCE]->(source)
  RETURN r.predicate AS predicate, measure,
         CASE WHEN measure.id = 'ig:NoLaboratoryMonitoring' THEN risk.name
              ELSE coalesce(risk.name, 'risk not stated') END AS risk, timing.name AS timing, r.interval AS interval,
         source.title AS source, coalesce(evidence.title, evidence.identifier) AS record, evidence.address AS address
  UNION
  WITH * WHERE about IS NULL
  MATCH (modulator)-[call:MECHANISM_CALLS_FOR_MONITORING|MECHANISM_CALLS_FOR_SCREENING]->(measure)
  MATCH (modulator)-[:PRIMARILY_ACTS_NEGATIVELY_ON]->()-[:PROTECTS_FROM]->(condition)
  MATCH ()-[some]->(measure)
  WHERE some.predicate = CASE call.predicate WHEN 'mechanismCallsForMonitoring' THEN 'monitoredBy'
                                             ELSE 'requiresScreening' END
    AND NOT some.inferred AND NOT some.negated AND some.forRisk = condition.id
  RETURN call.predicate AS predicate, measure, condition.name AS risk, null AS timing, null AS interval,
         null AS source, null AS record, null AS address
}
MATCH (kind:Resource {id: 'ig:' + predicate})
RETURN DISTINCT basis, kind.name AS kind, measure.id AS measure, measure.name AS measure_label, risk, timing, interval,
       for_class, source, record, address
ORDER BY basis DESC, risk = 'risk not stated', kind, measure_label, risk, timing, interval, for_class, source, record, address, measure;
