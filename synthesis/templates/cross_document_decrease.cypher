/*
task: cross_document_change
description: By how much a quantity fell between two days that two documents of one subject report, no document both.
given: [e.name, a.quantity, b.quantity, a.period, b.period, a.condition, b.condition, a.scope, b.scope]
derive:
  sympy: "a.number - b.number"
  unit: same
question:
  - "By how much did {{ a.quantity | of(e.name) }}{{ a.condition | condition }}{{ a.scope | scope }} decrease {{ a.period | from_to(b.period) }}{{ answer.unit }}?"
  - "What was the decrease in {{ a.quantity | of(e.name) }}{{ a.condition | condition }}{{ a.scope | scope }} {{ a.period | from_to(b.period) }}{{ answer.unit }}?"
strata: [answer]
limit_per: {answer: 2}
*/
MATCH (i:Document)-[:STATES]->(a:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(b:Assertion)<-[:STATES]-(j:Document)
WHERE i.id <> j.id AND a.kind = 'number' AND b.kind = 'number' AND NOT a.quantity CONTAINS 'percentage of' AND a.shape = 'statement' AND b.shape = 'statement' AND a.role IN ['data', 'total']
  AND b.role = a.role AND a.quantity = b.quantity AND a.unit = b.unit AND a.scale = b.scale AND coalesce(a.condition, '') = coalesce(b.condition, '')
  AND NOT a.period STARTS WITH 'P' AND NOT b.period STARTS WITH 'P' AND a.period_day < b.period_day AND b.period_day - a.period_day <= 400
  AND b.number > 0 AND b.number < a.number
  AND NOT EXISTS { MATCH (j)-[:STATES]->(g:Assertion)-[:SUBJECT]->(e) WHERE g.quantity = a.quantity AND g.period = a.period }
  AND NOT EXISTS { MATCH (i)-[:STATES]->(h:Assertion)-[:SUBJECT]->(e) WHERE h.quantity = b.quantity AND h.period = b.period }
RETURN i, a, e, b, j
