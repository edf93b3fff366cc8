/*
task: cross_document_entity
description: Which of the subjects of all documents of a kind has one stated attribute that no other has.
given: [e.kind, f.quantity, f.text, f.condition]
answer: e.name
answer_type: entity
closed: kind(e)
question:
  - "In which of the {{ closed }} {{ f.quantity | be }} the {{ f.quantity | phrase }}{{ f.condition | condition }} listed as {{ f.text | spoken }}?"
  - "Which of the {{ closed }} had {{ f.quantity | having(f.text) }}{{ f.condition | condition }}?"
strata: [answer]
limit_per: {answer: 6}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion)
WHERE f.kind IN ['text', 'entity', 'number', 'date'] AND f.role = 'data' AND f.shape = 'form' AND f.document = d.id AND size(f.text) > 1
  AND NOT EXISTS { MATCH (x:Entity)<-[:SUBJECT]-(g:Assertion) WHERE x.kind = e.kind AND g.quantity = f.quantity AND g.text = f.text AND g.id <> f.id }
RETURN d, e, f
