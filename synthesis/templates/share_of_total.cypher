/*
task: share
description: What share of the total of its own group one additive part is, in one column of a statement.
given: [e.name, p.quantity, q.quantity, p.period, q.period, p.condition, q.condition, p.scope, q.scope]
derive:
  sympy: "100 * p.number / q.number"
  unit: '%'
  decimals: 1
question:
  - "What percentage of {{ q.quantity | of(e.name) }}{{ q.condition | condition }}{{ q.period | period }}{{ q.scope | scope }} {{ p.quantity | portion(q.quantity) }}{{ answer.rounding }}?"
  - "What share of {{ q.quantity | of(e.name) }}{{ q.condition | condition }} did {{ p.quantity | phrase }} make up{{ q.period | period }}{{ q.scope | scope }}, as a percentage{{ answer.rounding }}?"
  - "{{ q.period | period }}, {{ p.quantity | phrase }} accounted for what percentage of {{ q.quantity | of(e.name) }}{{ q.condition | condition }}{{ q.scope | scope }}{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {document: 30, answer: 3}
*/
MATCH (e:Entity)<-[:SUBJECT]-(p:Assertion)<-[:STATES]-(c:Column)-[:STATES]->(q:Assertion)
WHERE p.kind = 'number' AND q.kind = 'number' AND p.shape = 'statement' AND q.role = 'total' AND p.role = 'data' AND p.additive = true
  AND ('total ' + toLower(p.group) = toLower(q.quantity) OR ('total ' + p.quantity) STARTS WITH (q.quantity + ' of ')) AND p.unit = q.unit AND p.scale = q.scale AND p.period = q.period
  AND coalesce(p.condition, '') = coalesce(q.condition, '') AND p.number > 0 AND p.number < q.number
  AND NOT EXISTS { MATCH (c)-[:STATES]->(n:Assertion) WHERE n.group = p.group AND n.number < 0 }
RETURN e, p, q
