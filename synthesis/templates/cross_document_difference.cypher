/*
task: cross_document_difference
description: By how much the subjects of two documents differ in one quantity.
given: [d.name, e.name, a.quantity, b.quantity, a.condition, b.condition, a.period, b.period]
derive:
  sympy: "b.number - a.number"
  unit: same
question:
  - "By how much did {{ b.quantity | of(e.name) }}{{ b.condition | condition }}{{ b.period | period }} exceed {{ a.quantity | twin(d.name) }}{{ a.period | period }}{{ answer.unit }}?"
  - "How much {{ b.quantity | gap(e.name) }}{{ b.condition | condition }}{{ b.period | period }} than {{ a.quantity | rival(d.name) }}{{ a.period | period }}{{ answer.unit }}?"
strata: [answer]
limit_per: {answer: 3}
*/
MATCH (i:Document)-[:ABOUT]->(d:Entity)<-[:SUBJECT]-(a:Assertion), (j:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(b:Assertion)
WHERE a.kind = 'number' AND b.kind = 'number' AND a.role IN ['data', 'total'] AND b.role = a.role AND a.shape IN ['form', 'statement'] AND b.shape = a.shape
  AND a.quantity = b.quantity AND coalesce(a.unit, '') = coalesce(b.unit, '') AND a.scale = b.scale AND a.document = i.id AND b.document = j.id
  AND coalesce(a.condition, '') = coalesce(b.condition, '') AND d.kind = e.kind AND d.id <> e.id AND b.number > a.number
  AND (a.period IS NULL AND b.period IS NULL OR a.period STARTS WITH 'P3M' AND b.period STARTS WITH 'P3M'
    OR a.period STARTS WITH 'P1Y' AND b.period STARTS WITH 'P1Y' OR a.period STARTS WITH '2' AND b.period STARTS WITH '2')
  AND (a.period IS NULL OR a.period = b.period OR abs(a.period_day - b.period_day) <= 100)
  AND (a.shape <> 'statement' OR a.number > 0 AND b.number > 0 AND NOT a.quantity STARTS WITH 'change in')
RETURN d, e, a, b
