/*
task: entity_by_condition
description: Which member of a table has one stated attribute, where only one has it.
given: [t.set, f.quantity, f.text, f.condition, f.period, f.scope]
answer: e.name
answer_type: entity
question:
  - "Which of the {{ closed }}{{ f.scope | scope }} has {{ f.text | spoken }} as its {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }}?"
  - "For which of the {{ closed }}{{ f.scope | scope }} is the {{ f.quantity | phrase }} {{ f.text | spoken }}{{ f.condition | condition }}{{ f.period | period }}?"
closed: t
strata: [document, answer]
limit_per: {document: 20, answer: 2}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.kind IN ['text', 'entity', 'date'] AND f.role = 'data' AND f.shape = 'entities' AND t.set IS NOT NULL
  AND toLower(f.quantity) <> toLower(e.kind)
  AND NOT EXISTS { MATCH (t)-[:STATES]->(g:Assertion) WHERE g.quantity = f.quantity AND g.text = f.text AND g.id <> f.id }
RETURN t, f, e
