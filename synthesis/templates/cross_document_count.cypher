/*
task: cross_document_count
description: In how many documents of a kind the subject has one stated attribute.
given: [e.kind, d.kind, f.quantity, f.text, f.condition]
derive:
  rows:
    r: >-
      MATCH (o:Document)-[:ABOUT]->(x:Entity)<-[:SUBJECT]-(g:Assertion)
      WHERE x.kind = e.kind AND o.kind = d.kind AND g.quantity = f.quantity AND coalesce(g.condition, '') = coalesce(f.condition, '')
        AND g.role = 'data' AND g.document = o.id AND g.shape = 'form'
      RETURN x.name AS name, g.text AS text
  sql: "SELECT count(DISTINCT r.name) FROM r, f WHERE lower(r.text) = lower(f.text)"
closed: stating(f)
answer_type: count
question:
  - "{{ f.quantity | picked(f.text, 'how many of the', closed, e.kind, d.kind) }}?"
  - "Among the {{ closed }}, {{ f.quantity | picked(f.text, 'how many', closed, e.kind, d.kind) }}?"
strata: [answer]
limit_per: {answer: 12}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion)
WHERE f.kind IN ['text', 'entity'] AND f.role = 'data' AND f.shape = 'form' AND f.document = d.id AND f.condition IS NULL AND size(f.text) > 1 AND NOT f.quantity CONTAINS 'time of'
  AND f.quantity <> e.kind AND NOT f.quantity STARTS WITH 'model'
  AND EXISTS { MATCH (x:Entity)<-[:SUBJECT]-(g:Assertion) WHERE x.kind = e.kind AND g.quantity = f.quantity AND g.text = f.text AND g.id <> f.id }
RETURN d, e, f
