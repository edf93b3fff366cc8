/*
task: difference
description: By how much the result of one subject differs between two conditions of one row.
given: [e.name, a.quantity, b.quantity, a.condition, b.condition, a.period, b.period, a.scope, b.scope]
derive:
  sympy: "b.number - a.number"
  unit: same
question:
  - "How much {{ b.quantity | degree('higher') }} {{ b.quantity | be }} {{ b.quantity | of(e.name) }}{{ b.condition | before(a.condition) }} than{{ a.condition | after(b.condition) }}{{ b.period | period }}{{ b.scope | scope }}{{ answer.unit }}?"
  - "By how much {{ b.quantity | do }} {{ b.quantity | of(e.name) }}{{ b.condition | before(a.condition) }} exceed that{{ a.condition | after(b.condition) }}{{ b.period | period }}{{ b.scope | scope }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (e:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(r:Row)-[:STATES]->(b:Assertion)
WHERE a.kind = 'number' AND b.kind = 'number' AND a.shape = 'results' AND a.role = 'data' AND b.role = 'data'
  AND a.quantity = b.quantity AND coalesce(a.unit, '') = coalesce(b.unit, '') AND a.scale = b.scale
  AND coalesce(a.period, '') = coalesce(b.period, '') AND a.condition <> b.condition AND b.number > a.number
RETURN e, a, b
