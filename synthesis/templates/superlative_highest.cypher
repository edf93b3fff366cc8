/*
task: superlative
description: Which member of a table has the highest value in one column.
given: [t.set, f.quantity, f.condition, f.period, f.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(x:Entity)
      WHERE g.quantity = f.quantity AND coalesce(g.condition, '') = coalesce(f.condition, '') AND coalesce(g.period, '') = coalesce(f.period, '')
        AND g.role = 'data' AND g.kind = 'number'
      RETURN x.name AS name, g.number AS number
  sql: "SELECT name FROM r ORDER BY number DESC LIMIT 1"
closed: t
answer_type: entity
question:
  - "Which of the {{ closed }}{{ f.scope | scope }} has the {{ f.quantity | degree('highest') }} {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }}?"
  - "Among the {{ closed }}{{ f.scope | scope }}, which one has the {{ f.quantity | degree('highest') }} {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }}?"
  - "For which of the {{ closed }}{{ f.scope | scope }} {{ f.quantity | be }} the {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }} the {{ f.quantity | degree('highest') }}?"
strata: [document, answer]
limit_per: {document: 40, answer: 4}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)
WHERE f.kind = 'number' AND f.role = 'data' AND f.shape IN ['entities', 'results'] AND t.set IS NOT NULL AND t.cut = false
RETURN t, f
