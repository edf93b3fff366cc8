/*
task: superlative_where
description: Among the accidents that share a landing gear or runway surface, the one with the oldest pilot, most hours or longest runway.
given: [e.kind, d.kind, f.quantity, f.text, g.quantity, g.condition]
derive:
  rows:
    r: >-
      MATCH (o:Document)-[:ABOUT]->(x:Entity)<-[:SUBJECT]-(p:Assertion), (x)<-[:SUBJECT]-(q:Assertion)
      WHERE x.kind = e.kind AND o.kind = d.kind AND p.quantity = f.quantity AND q.quantity = g.quantity
        AND coalesce(q.condition, '') = coalesce(g.condition, '')
      RETURN x.name AS name, p.text AS text, q.number AS number
  sql: "SELECT r.name FROM r, f WHERE r.text = f.text ORDER BY r.number DESC LIMIT 1"
answer_type: entity
closed: stating(f, g)
question:
  - "Of the {{ closed }}, take those in which the {{ f.quantity | inside(d.kind) }} was listed as {{ f.text | spoken }}. In the one with which {{ e.kind | noun }} {{ g.quantity | most('highest', g.condition) }}?"
strata: [f.quantity, g.quantity]
limit_per: {answer: 3}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion), (e)<-[:SUBJECT]-(g:Assertion)
WHERE f.quantity IN ['landing gear type', 'runway surface type in the accident', 'certificate of the pilot']
  AND g.quantity IN ['age of the pilot', 'total flight time of the pilot', 'length of the runway in the accident']
RETURN d, e, f, g
