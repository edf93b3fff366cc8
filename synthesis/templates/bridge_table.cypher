/*
task: bridge
description: Find a member of a table by one attribute, ask for another of its facts.
given: [e.kind, f.quantity, f.text, f.condition, f.scope, g.quantity, g.condition, g.period, g.scope]
answer: g.text
question:
  - "What {{ g.quantity | be }} the {{ g.quantity | phrase }}{{ g.condition | condition }}{{ g.period | period }} of the {{ e.kind | noun }} whose {{ f.quantity | phrase }}{{ f.condition | condition }} is {{ f.text | spoken }}{{ f.scope | scope }}{{ answer.unit }}?"
  - "{{ f.scope | scope }}, what {{ g.quantity | be }} the {{ g.quantity | phrase }}{{ g.condition | condition }}{{ g.period | period }} of the {{ e.kind | noun }} whose {{ f.quantity | phrase }}{{ f.condition | condition }} is {{ f.text | spoken }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 40, answer: 3}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(g:Assertion)
WHERE f.shape IN ['entities', 'results'] AND g.shape IN ['entities', 'results', 'sentence'] AND f.role = 'data' AND g.role = 'data'
  AND f.kind IN ['text', 'entity', 'date'] AND g.kind IN ['number', 'text', 'entity', 'date'] AND f.quantity <> g.quantity AND size(f.text) > 2 AND f.scope = g.scope
  AND toLower(f.quantity) <> toLower(e.kind) AND toLower(g.quantity) <> toLower(e.kind)
  AND NOT EXISTS { MATCH (t:Table)-[:STATES]->(f), (t)-[:STATES]->(h:Assertion) WHERE h.quantity = f.quantity AND h.text = f.text AND h.id <> f.id }
RETURN e, f, g
