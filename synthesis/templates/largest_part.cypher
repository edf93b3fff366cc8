/*
task: superlative
description: Which part of a group of a statement is the largest in one period.
given: [e.name, f.group, f.period, f.condition, f.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)
      WHERE g.group = f.group AND g.period = f.period AND g.role = 'data' AND g.kind = 'number'
        AND coalesce(g.condition, '') = coalesce(f.condition, '')
      RETURN g.quantity AS name, g.number AS number
  sql: "SELECT name FROM r ORDER BY number DESC LIMIT 1"
closed: t
answer_type: text
question:
  - "Which component of {{ f.group | of(e.name) }}{{ f.condition | condition }} was the largest{{ f.period | period }}{{ f.scope | scope }}?"
  - "{{ f.period | period }}, what was the largest component of {{ f.group | of(e.name) }}{{ f.condition | condition }}{{ f.scope | scope }}?"
strata: [document, answer]
limit_per: {document: 15, answer: 3}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.kind = 'number' AND f.shape = 'statement' AND f.role = 'data' AND f.additive = true AND f.group IS NOT NULL AND f.period IS NOT NULL
  AND f.number > 0 AND t.cut = false
  AND NOT toLower(f.group) CONTAINS 'change' AND NOT toLower(f.group) CONTAINS 'activities' AND NOT toLower(f.group) CONTAINS 'adjustment'
  AND NOT toLower(f.group) CONTAINS 'earnings' AND NOT toLower(f.group) CONTAINS 'stock' AND NOT toLower(f.group) CONTAINS 'comprehensive'
  AND NOT toLower(f.group) CONTAINS 'equity' AND NOT toLower(f.group) CONTAINS 'denominator'
RETURN t, e, f
