/*
task: ratio
description: How many times one member's measured amount (time, money, length, mass, count) is another's, in one column.
given: [d.name, e.name, a.quantity, b.quantity, a.condition, b.condition, a.period, b.period, a.scope, b.scope]
derive:
  sympy: "b.number / a.number"
  decimals: 1
question:
  - "{{ b.quantity | of(e.name) }}{{ b.condition | condition }}{{ b.period | period }}{{ b.scope | scope }} {{ b.quantity | be }} how many times {{ a.quantity | twin(d.name) }}{{ answer.rounding }}?"
  - "By what factor {{ b.quantity | do }} {{ b.quantity | of(e.name) }} exceed {{ a.quantity | twin(d.name) }}{{ b.condition | condition }}{{ b.period | period }}{{ b.scope | scope }}{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {document: 15, answer: 2}
*/
MATCH (d:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(c:Column)-[:STATES]->(b:Assertion)-[:SUBJECT]->(e:Entity)
WHERE a.kind = 'number' AND b.kind = 'number' AND a.shape IN ['entities', 'results'] AND a.role = 'data' AND b.role = 'data'
  AND a.quantity = b.quantity AND a.unit = b.unit AND a.scale = b.scale AND a.unit <> '%' AND a.unit <> 'degree' AND a.unit <> 'year'
  AND coalesce(a.condition, '') = coalesce(b.condition, '') AND coalesce(a.period, '') = coalesce(b.period, '')
  AND d.id <> e.id AND a.number > 0 AND b.number >= 1.5 * a.number AND b.number < 1000 * a.number
RETURN d, e, a, b
