/*
task: list
description: Which members of a table have a lower value than a named member (small sets).
given: [t.set, e.name, f.quantity, f.condition, f.period, f.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(x:Entity)
      WHERE g.quantity = f.quantity AND coalesce(g.condition, '') = coalesce(f.condition, '') AND coalesce(g.period, '') = coalesce(f.period, '')
        AND g.role = 'data' AND g.kind = 'number'
      RETURN x.name AS name, g.number AS number
  sql: "SELECT DISTINCT r.name FROM r, f WHERE r.number < f.number"
closed: t
answer_type: set
question:
  - "Which of the {{ closed }}{{ f.scope | scope }} have {{ f.quantity | graded('lower') }} than {{ e.name | reference }}{{ f.condition | condition }}{{ f.period | period }}?"
  - "Name the {{ closed }}{{ f.scope | scope }} that have {{ f.quantity | graded('lower') }} than {{ e.name | reference }}{{ f.condition | condition }}{{ f.period | period }}."
strata: [document, answer]
limit_per: {document: 12, answer: 2}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.kind = 'number' AND f.role = 'data' AND f.shape IN ['entities', 'results'] AND t.set IS NOT NULL AND t.cut = false
RETURN t, f, e
