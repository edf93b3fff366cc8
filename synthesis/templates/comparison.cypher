/*
task: comparison
description: Which of two members of a table has the higher value.
given: [d.name, e.name, a.quantity, b.quantity, a.condition, b.condition, a.period, b.period, a.scope, b.scope]
derive:
  sql: >-
    SELECT name FROM (SELECT d.name AS name, a.number AS number FROM d, a
    UNION ALL SELECT e.name AS name, b.number AS number FROM e, b) ORDER BY number DESC LIMIT 1
answer_type: entity
question:
  - "Which has the {{ a.quantity | degree('higher') }} {{ a.quantity | phrase }}{{ a.condition | condition }}{{ a.period | period }}{{ a.scope | scope }}: {{ d.name | reference }} or {{ e.name | reference }}?"
  - "Is the {{ a.quantity | phrase }}{{ a.condition | condition }}{{ a.period | period }}{{ a.scope | scope }} {{ a.quantity | degree('higher') }} for {{ d.name | reference }} or for {{ e.name | reference }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (d:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(c:Column)-[:STATES]->(b:Assertion)-[:SUBJECT]->(e:Entity)
WHERE a.kind = 'number' AND b.kind = 'number' AND a.shape IN ['entities', 'results'] AND a.role = 'data' AND b.role = 'data'
  AND a.quantity = b.quantity AND coalesce(a.unit, '') = coalesce(b.unit, '') AND a.scale = b.scale
  AND coalesce(a.condition, '') = coalesce(b.condition, '') AND coalesce(a.period, '') = coalesce(b.period, '')
  AND d.name < e.name AND a.number <> b.number
RETURN d, e, a, b
