/*
task: percentage_change
description: By what percentage a quantity shrank between two periods of one row.
given: [e.name, a.quantity, b.quantity, a.period, b.period, a.condition, b.condition, a.scope, b.scope]
derive:
  sympy: "100 * (a.number - b.number) / a.number"
  unit: '%'
  decimals: 1
question:
  - "By what percentage did {{ a.quantity | of(e.name) }}{{ a.condition | condition }}{{ a.scope | scope }} fall {{ a.period | from_to(b.period) }}{{ answer.rounding }}?"
  - "What was the percentage decrease in {{ a.quantity | of(e.name) }}{{ a.condition | condition }}{{ a.scope | scope }} {{ a.period | from_to(b.period) }}{{ answer.rounding }}?"
  - "By how many percent did {{ a.quantity | of(e.name) }}{{ a.condition | condition }}{{ a.scope | scope }} decline {{ a.period | from_to(b.period) }}{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {document: 40, answer: 3}
*/
MATCH (e:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(r:Row)-[:STATES]->(b:Assertion)
WHERE a.kind = 'number' AND b.kind = 'number' AND a.shape = 'statement' AND a.role IN ['data', 'total'] AND b.role = a.role
  AND a.quantity = b.quantity AND coalesce(a.unit, '') = coalesce(b.unit, '') AND a.scale = b.scale
  AND coalesce(a.condition, '') = coalesce(b.condition, '') AND a.period < b.period
  AND ((a.period STARTS WITH 'P3M' AND b.period STARTS WITH 'P3M') OR (a.period STARTS WITH 'P6M' AND b.period STARTS WITH 'P6M')
    OR (a.period STARTS WITH 'P9M' AND b.period STARTS WITH 'P9M') OR (a.period STARTS WITH 'P1Y' AND b.period STARTS WITH 'P1Y')
    OR (NOT a.period STARTS WITH 'P' AND NOT b.period STARTS WITH 'P'))
  AND b.number < a.number AND b.number > 0 AND coalesce(a.unit, '') <> '%'
RETURN e, a, b
