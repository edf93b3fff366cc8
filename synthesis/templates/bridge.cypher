/*
task: bridge
description: Find the subject of a document by one fact, ask for another.
given: [e.kind, f.quantity, f.text, f.condition, g.quantity, g.condition]
answer: g.text
question:
  - "{{ g.quantity | ask_of }}{{ g.condition | condition }} of the {{ e.kind | noun }} in which the {{ f.quantity | phrase }}{{ f.condition | condition }} {{ f.quantity | be }} {{ f.text | spoken }}{{ answer.unit }}?"
  - "In the {{ e.kind | noun }} whose {{ f.quantity | phrase }}{{ f.condition | condition }} {{ f.quantity | be }} {{ f.text | spoken }}, {{ g.quantity | ask_of }}{{ g.condition | condition }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion), (e)<-[:SUBJECT]-(g:Assertion)
WHERE f.shape = 'form' AND g.shape = 'form' AND f.element <> g.element AND f.quantity <> g.quantity AND f.role = 'data' AND g.role = 'data'
  AND f.kind IN ['text', 'number', 'date'] AND g.kind IN ['number', 'text', 'date'] AND size(f.text) > 2 AND f.document = d.id AND g.document = d.id
RETURN d, e, f, g
