/*
task: chain
description: A fact of the thing that another fact names (the first flight of the rocket that launched a telescope), across tables and documents.
given: [e.name, f.quantity, f.condition, g.quantity, g.condition, g.period, g.scope]
answer: g.text
question:
  - "{{ g.scope | scope }}, {{ g.quantity | ask_of }}{{ g.condition | condition }}{{ g.period | period }} of {{ f.quantity | of(e.name) }}{{ f.condition | condition }}{{ answer.unit }}?"
  - "{{ g.quantity | ask_of }}{{ g.condition | condition }}{{ g.period | period }} of {{ f.quantity | of(e.name) }}{{ f.condition | condition }}{{ g.scope | scope }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (e:Entity)<-[:SUBJECT]-(f:Assertion)-[:OBJECT]->(o:Entity)<-[:SUBJECT]-(g:Assertion)
WHERE f.element <> g.element AND f.role = 'data' AND g.role = 'data' AND f.shape IN ['entities', 'form'] AND g.shape IN ['entities', 'form', 'sentence']
  AND g.kind IN ['number', 'text', 'date'] AND f.quantity <> g.quantity AND toLower(g.quantity) <> toLower(o.kind) AND f.quantity <> o.name
  AND NOT g.quantity STARTS WITH 'number of'
RETURN e, f, o, g
