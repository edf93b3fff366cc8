/*
task: difference
description: By how much one member of a table exceeds another in the same column.
given: [d.name, e.name, a.quantity, b.quantity, a.condition, b.condition, a.period, b.period, a.scope, b.scope]
derive:
  sympy: "b.number - a.number"
  unit: same
question:
  - "By how much {{ b.quantity | do }} {{ b.quantity | of(e.name) }} exceed {{ a.quantity | twin(d.name) }}{{ b.condition | condition }}{{ b.period | period }}{{ b.scope | scope }}{{ answer.unit }}?"
  - "How much {{ b.quantity | degree('higher') }} {{ b.quantity | be }} {{ b.quantity | of(e.name) }} than {{ a.quantity | twin(d.name) }}{{ b.condition | condition }}{{ b.period | period }}{{ b.scope | scope }}{{ answer.unit }}?"
  - "What is the difference in {{ b.quantity | phrase }} between {{ e.name | reference }} and {{ d.name | reference }}{{ b.condition | condition }}{{ b.period | period }}{{ b.scope | scope }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 30, answer: 3}
*/
MATCH (d:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(c:Column)-[:STATES]->(b:Assertion)-[:SUBJECT]->(e:Entity)
WHERE a.kind = 'number' AND b.kind = 'number' AND a.shape IN ['entities', 'results'] AND a.role = 'data' AND b.role = 'data'
  AND a.quantity = b.quantity AND coalesce(a.unit, '') = coalesce(b.unit, '') AND a.scale = b.scale
  AND coalesce(a.condition, '') = coalesce(b.condition, '') AND coalesce(a.period, '') = coalesce(b.period, '')
  AND d.id <> e.id AND b.number > a.number
RETURN d, e, a, b
