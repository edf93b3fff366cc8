/*
task: ratio
description: How many times as large a measured amount of one subject is under one condition as under another.
given: [e.name, a.quantity, b.quantity, a.condition, b.condition, a.period, b.period, a.scope, b.scope]
derive:
  sympy: "b.number / a.number"
  decimals: 1
question:
  - "How many times as high {{ b.quantity | be }} {{ b.quantity | of(e.name) }}{{ b.condition | before(a.condition) }} as{{ a.condition | after(b.condition) }}{{ b.period | period }}{{ b.scope | scope }}{{ answer.rounding }}?"
  - "By what factor {{ b.quantity | do }} {{ b.quantity | of(e.name) }}{{ b.condition | before(a.condition) }} exceed that{{ a.condition | after(b.condition) }}{{ b.period | period }}{{ b.scope | scope }}{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {document: 10, answer: 2}
*/
MATCH (e:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(r:Row)-[:STATES]->(b:Assertion)
WHERE a.kind = 'number' AND b.kind = 'number' AND a.shape = 'results' AND a.role = 'data' AND b.role = 'data'
  AND a.quantity = b.quantity AND a.unit = b.unit AND a.scale = b.scale AND a.unit <> '%'
  AND coalesce(a.period, '') = coalesce(b.period, '') AND a.condition <> b.condition AND a.number > 0 AND b.number >= 1.5 * a.number
RETURN e, a, b
