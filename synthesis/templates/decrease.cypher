/*
task: change
description: By how much a quantity fell between two periods of one row.
given: [e.name, a.quantity, b.quantity, a.period, b.period, a.condition, b.condition, a.scope, b.scope]
derive:
  sympy: "a.number - b.number"
  unit: same
question:
  - "By how much did {{ a.quantity | of(e.name) }}{{ a.condition | condition }}{{ a.scope | scope }} decrease {{ a.period | from_to(b.period) }}{{ answer.unit }}?"
  - "How much {{ b.quantity | degree('lower') }} {{ b.quantity | be }} {{ b.quantity | of(e.name) }}{{ b.condition | condition }}{{ b.period | period }} than{{ a.period | period }}{{ a.scope | scope }}{{ answer.unit }}?"
  - "What was the decrease in {{ a.quantity | of(e.name) }}{{ a.condition | condition }}{{ a.scope | scope }} {{ a.period | from_to(b.period) }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 40, answer: 3}
*/
MATCH (e:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(r:Row)-[:STATES]->(b:Assertion)
WHERE a.kind = 'number' AND b.kind = 'number' AND NOT a.quantity CONTAINS 'percentage of' AND a.shape = 'statement' AND a.role IN ['data', 'total'] AND b.role = a.role
  AND a.quantity = b.quantity AND coalesce(a.unit, '') = coalesce(b.unit, '') AND a.scale = b.scale
  AND coalesce(a.condition, '') = coalesce(b.condition, '') AND a.period < b.period
  AND ((a.period STARTS WITH 'P3M' AND b.period STARTS WITH 'P3M') OR (a.period STARTS WITH 'P6M' AND b.period STARTS WITH 'P6M')
    OR (a.period STARTS WITH 'P9M' AND b.period STARTS WITH 'P9M') OR (a.period STARTS WITH 'P1Y' AND b.period STARTS WITH 'P1Y')
    OR (NOT a.period STARTS WITH 'P' AND NOT b.period STARTS WITH 'P'))
  AND b.number > 0 AND b.number < a.number
RETURN e, a, b
