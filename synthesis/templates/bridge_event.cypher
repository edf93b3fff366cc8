/*
task: bridge
description: Find the event that a document reports by where, who or what, ask for another of its facts, which stands in another table or text.
given: [e.kind, d.kind, f.quantity, f.text, f.condition, g.quantity, g.condition]
answer: g.text
question:
  - "In the {{ f.quantity | happening(f.text, e.kind, d.kind) }}{{ f.condition | condition }}, {{ g.quantity | ask_in(d.kind, e.kind) }}{{ g.condition | condition }}{{ answer.unit }}?"
  - "In the {{ f.quantity | happening(f.text, e.kind, d.kind, 'that') }}{{ f.condition | condition }}, {{ g.quantity | ask_in(d.kind, e.kind) }}{{ g.condition | condition }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion), (e)<-[:SUBJECT]-(g:Assertion)
WHERE f.element <> g.element AND f.quantity <> g.quantity AND f.role = 'data' AND g.role = 'data' AND f.document = d.id AND g.document = d.id
  AND f.shape IN ['form', 'sentence'] AND g.shape IN ['form', 'sentence'] AND f.kind IN ['text', 'entity', 'date'] AND g.kind IN ['number', 'text', 'date']
  AND d.kind ENDS WITH ' report' AND NOT d.kind IN ['annual report', 'quarterly report'] AND size(f.text) > 2
  AND (f.quantity STARTS WITH 'location' OR f.quantity = 'registered owner' OR f.quantity = 'operator' OR f.quantity STARTS WITH 'airport in'
    OR f.quantity = 'destination' OR f.quantity = 'departure point' OR f.quantity = e.kind OR f.quantity STARTS WITH 'date of the accident')
  AND NOT g.quantity STARTS WITH 'location' AND NOT g.quantity STARTS WITH 'date of the accident' AND NOT g.quantity STARTS WITH 'time of'
  AND NOT g.quantity STARTS WITH 'airport in' AND NOT g.quantity STARTS WITH 'model' AND NOT g.quantity ENDS WITH ' make' AND g.quantity <> e.kind
RETURN d, e, f, g
