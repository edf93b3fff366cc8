/*
task: cross_document_superlative
description: Which of the subjects of the documents that state a quantity has the highest value of one quantity.
given: [e.kind, d.kind, f.quantity, f.condition]
derive:
  rows:
    r: >-
      MATCH (o:Document)-[:ABOUT]->(x:Entity)<-[:SUBJECT]-(g:Assertion)
      WHERE x.kind = e.kind AND o.kind = d.kind AND g.quantity = f.quantity AND coalesce(g.condition, '') = coalesce(f.condition, '') AND g.period IS NULL
        AND g.role = 'data' AND g.kind = 'number' AND g.document = o.id AND g.shape = 'form'
      RETURN x.name AS name, g.number AS number
  sql: "SELECT name FROM r ORDER BY number DESC LIMIT 1"
closed: stating(f)
answer_type: entity
question:
  - "Among the {{ closed }}, {{ d.kind | in_which }} {{ f.quantity | extreme('highest', f.condition, closed, d.kind) }}?"
  - "{{ d.kind | in_which }} of the {{ closed }} {{ f.quantity | extreme('highest', f.condition, closed, d.kind) }}?"
strata: [answer]
limit_per: {answer: 6}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion)
WHERE f.kind = 'number' AND f.role = 'data' AND f.shape = 'form' AND f.period IS NULL AND f.document = d.id
RETURN d, e, f
