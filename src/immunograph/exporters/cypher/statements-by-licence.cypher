// How many statements of each kind stay without share-alike sources.
MATCH (source:Source)
WITH collect(CASE WHEN source.isShareAlike THEN substring(source.id, 4) END) AS shared
MATCH (:Entity)-[r]->(:Entity)
WHERE r.kind IS NOT NULL AND NOT r.inferred
WITH r.kind AS name, count(r) AS statements,
     sum(CASE WHEN size(r.sources) > 0 AND all(slug IN r.sources WHERE slug IN shared) THEN 1 ELSE 0 END) AS bound
MATCH (kind:Resource {id: 'ig:' + name})
RETURN kind.id AS kind, kind.name AS kind_label, statements, statements - bound AS free, bound
ORDER BY statements DESC, kind_label, kind;
