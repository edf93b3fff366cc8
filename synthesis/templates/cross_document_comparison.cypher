/*
task: cross_document_comparison
description: Which of the subjects of two documents has the higher value of one quantity.
given: [d.name, e.name, a.quantity, b.quantity, a.condition, b.condition, a.period, b.period]
derive:
  sql: >-
    SELECT name FROM (SELECT d.name AS name, a.number AS number FROM d, a
    UNION ALL SELECT e.name AS name, b.number AS number FROM e, b) ORDER BY number DESC LIMIT 1
answer_type: entity
question:
  - "{{ a.quantity | which_more(d.name) }}{{ a.condition | condition }}: {{ d.name | reference }}{{ a.period | period }} or {{ e.name | reference }}{{ b.period | period }}?"
  - "{{ a.quantity | of_two }} {{ a.quantity | than('higher', a.condition) }}, {{ d.name | one_of_two(a.quantity) }}{{ a.period | period }} or {{ e.name | one_of_two(b.quantity) }}{{ b.period | period }}?"
strata: [answer]
limit_per: {answer: 12}
*/
MATCH (i:Document)-[:ABOUT]->(d:Entity)<-[:SUBJECT]-(a:Assertion), (j:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(b:Assertion)
WHERE a.kind = 'number' AND b.kind = 'number' AND a.role IN ['data', 'total'] AND b.role = a.role AND a.shape IN ['form', 'statement'] AND b.shape = a.shape
  AND a.quantity = b.quantity AND coalesce(a.unit, '') = coalesce(b.unit, '') AND a.scale = b.scale AND a.document = i.id AND b.document = j.id
  AND coalesce(a.condition, '') = coalesce(b.condition, '') AND d.kind = e.kind AND d.name < e.name AND a.number <> b.number
  AND (a.period IS NULL AND b.period IS NULL OR a.period STARTS WITH 'P3M' AND b.period STARTS WITH 'P3M'
    OR a.period STARTS WITH 'P1Y' AND b.period STARTS WITH 'P1Y' OR a.period STARTS WITH '2' AND b.period STARTS WITH '2')
  AND (a.period IS NULL OR a.period = b.period OR abs(a.period_day - b.period_day) <= 100)
  AND (a.shape <> 'statement' OR a.number > 0 AND b.number > 0 AND NOT a.quantity STARTS WITH 'change in')
RETURN d, e, a, b
