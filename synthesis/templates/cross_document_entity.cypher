/*
task: cross_document_entity
description: Which of the subjects of all documents of a kind has one stated attribute that no other has.
given: [e.kind, d.kind, f.quantity, f.text, f.condition]
answer: e.name
answer_type: entity
closed: stating(f)
question:
  - "{{ f.quantity | picked(f.text, 'which of the', closed, e.kind, d.kind) }}?"
  - "Among the {{ closed }}, {{ f.quantity | picked(f.text, 'which', closed, e.kind, d.kind) }}?"
strata: [answer]
limit_per: {answer: 6}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion)
WHERE f.kind IN ['text', 'entity', 'date'] AND f.role = 'data' AND f.shape = 'form' AND f.document = d.id AND f.condition IS NULL AND size(f.text) > 1
  AND f.quantity <> e.kind AND NOT f.quantity CONTAINS 'model' AND NOT f.quantity CONTAINS 'last ' AND NOT f.quantity ENDS WITH ' make' AND NOT f.quantity CONTAINS 'time of'
  AND NOT EXISTS { MATCH (x:Entity)<-[:SUBJECT]-(g:Assertion) WHERE x.kind = e.kind AND g.quantity = f.quantity AND g.text = f.text AND g.id <> f.id }
RETURN d, e, f
