/*
task: bridge
description: Find something by an attribute that one document gives, ask for a fact that another document gives.
given: [e.kind, f.quantity, f.text, f.condition, f.scope, g.quantity, g.condition, g.period, g.scope]
answer: g.text
question:
  - "{{ g.scope | scope }}, {{ g.quantity | ask_of }}{{ g.condition | condition }}{{ g.period | period }} of the {{ e.kind | noun }} whose {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.scope | scope }} is {{ f.text | spoken }}{{ answer.unit }}?"
  - "For the {{ e.kind | noun }} whose {{ f.quantity | phrase }}{{ f.condition | condition }} is {{ f.text | spoken }}{{ f.scope | scope }}, {{ g.quantity | ask_of }}{{ g.condition | condition }}{{ g.period | period }}{{ g.scope | scope }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
// Not into papers: two papers that name one model often mean two of its versions.
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(g:Assertion)<-[:STATES]-(d:Document)
WHERE d.kind <> 'paper' AND f.document <> g.document AND f.shape = 'entities' AND g.shape IN ['entities', 'results', 'sentence'] AND f.role = 'data' AND g.role = 'data'
  AND f.kind IN ['text', 'entity', 'date'] AND g.kind IN ['number', 'text', 'entity', 'date'] AND f.quantity <> g.quantity AND size(f.text) > 2
  AND f.scope IS NOT NULL AND g.scope IS NOT NULL AND toLower(f.quantity) <> toLower(e.kind) AND toLower(g.quantity) <> toLower(e.kind)
  AND NOT EXISTS { MATCH (t:Table)-[:STATES]->(f), (t)-[:STATES]->(h:Assertion) WHERE h.quantity = f.quantity AND h.text = f.text AND h.id <> f.id }
  AND NOT EXISTS { MATCH (e)<-[:SUBJECT]-(k:Assertion) WHERE k.document = g.document AND k.quantity = f.quantity }
RETURN e, f, g, d
