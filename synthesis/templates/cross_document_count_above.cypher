/*
task: cross_document_count
description: In how many documents of a kind a quantity is higher than in a named one.
given: [e.name, e.kind, d.kind, f.quantity, f.condition]
derive:
  rows:
    r: >-
      MATCH (o:Document)-[:ABOUT]->(x:Entity)<-[:SUBJECT]-(g:Assertion)
      WHERE x.kind = e.kind AND o.kind = d.kind AND g.quantity = f.quantity AND coalesce(g.condition, '') = coalesce(f.condition, '') AND g.period IS NULL
        AND g.role = 'data' AND g.kind = 'number' AND g.document = o.id AND g.shape = 'form'
      RETURN x.name AS name, g.number AS number
  sql: "SELECT count(DISTINCT r.name) FROM r, f WHERE r.number > f.number"
closed: stating(f)
answer_type: count
question:
  - "In how many of the {{ closed }} {{ f.quantity | beyond('higher', f.condition, closed, d.kind) }} than {{ e.name | peer(d.kind) }}?"
  - "Among the {{ closed }}, in how many {{ f.quantity | beyond('higher', f.condition, closed, d.kind) }} than {{ e.name | peer(d.kind) }}?"
strata: [answer]
limit_per: {answer: 10}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion)
WHERE f.kind = 'number' AND f.role = 'data' AND f.shape = 'form' AND f.period IS NULL AND f.document = d.id
RETURN d, e, f
