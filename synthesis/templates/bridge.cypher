/*
task: bridge
description: Find the subject of a document by one fact, ask for another (subjects that are things).
given: [e.kind, d.kind, f.quantity, f.text, f.condition, g.quantity, g.condition]
answer: g.text
question:
  - "{{ g.quantity | ask_of }}{{ g.condition | condition }} of the {{ e.kind | case(d.kind) }} whose {{ f.quantity | phrase }}{{ f.condition | condition }} is {{ f.text | spoken }}{{ answer.unit }}?"
  - "For the {{ e.kind | case(d.kind) }} whose {{ f.quantity | phrase }}{{ f.condition | condition }} is {{ f.text | spoken }}, {{ g.quantity | ask_of }}{{ g.condition | condition }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion), (e)<-[:SUBJECT]-(g:Assertion)
WHERE f.element <> g.element AND f.quantity <> g.quantity AND f.role = 'data' AND g.role = 'data' AND f.document = d.id AND g.document = d.id
  AND f.shape IN ['form', 'sentence', 'entities'] AND g.shape IN ['form', 'sentence', 'entities'] AND f.kind IN ['text', 'entity', 'date']
  AND g.kind IN ['number', 'text', 'date'] AND size(f.text) > 2 AND size(f.text) < 50 AND d.kind <> 'paper' AND (NOT d.kind ENDS WITH ' report' OR d.kind IN ['annual report', 'quarterly report'])
RETURN d, e, f, g
