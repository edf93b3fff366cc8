/*
task: bridge
description: Find the event that a document reports by where, who or what, ask for another of its facts, which stands in another table or text.
given: [e.kind, d.kind, f.quantity, f.text, f.condition, g.quantity, g.condition]
answer: g.text
question:
  - "In the {{ e.kind | case(d.kind) }} in which the {{ f.quantity | inside(d.kind) }}{{ f.condition | condition }} {{ f.quantity | be }} {{ f.text | spoken }}, {{ g.quantity | ask_of(d.kind) }}{{ g.condition | condition }}{{ answer.unit }}?"
  - "{{ g.quantity | ask_of(d.kind) }}{{ g.condition | condition }} in the {{ e.kind | case(d.kind) }} in which the {{ f.quantity | inside(d.kind) }}{{ f.condition | condition }} {{ f.quantity | be }} {{ f.text | spoken }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion), (e)<-[:SUBJECT]-(g:Assertion)
WHERE f.element <> g.element AND f.quantity <> g.quantity AND f.role = 'data' AND g.role = 'data' AND f.document = d.id AND g.document = d.id
  AND f.shape IN ['form', 'sentence'] AND g.shape IN ['form', 'sentence'] AND f.kind IN ['text', 'entity', 'date'] AND g.kind IN ['number', 'text', 'date']
  AND d.kind ENDS WITH ' report' AND NOT d.kind IN ['annual report', 'quarterly report'] AND size(f.text) > 2
  AND (f.quantity STARTS WITH 'location' OR f.quantity STARTS WITH 'registered owner' OR f.quantity STARTS WITH 'operator' OR f.quantity STARTS WITH 'airport'
    OR f.quantity STARTS WITH 'destination' OR f.quantity STARTS WITH 'departure point' OR f.quantity STARTS WITH 'registration' OR f.quantity STARTS WITH 'date of the accident'
    OR f.quantity STARTS WITH 'engine model' OR f.quantity STARTS WITH 'model')
RETURN d, e, f, g
