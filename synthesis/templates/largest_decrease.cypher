/*
task: superlative_change
description: Which part of a group of a statement shrank most between two periods, in percent.
given: [e.name, a.group, a.period, b.period, a.condition, a.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:HAS_ROW]->(v:Row)-[:STATES]->(g:Assertion), (v)-[:STATES]->(h:Assertion)
      WHERE g.group = a.group AND h.group = a.group AND g.period = a.period AND h.period = b.period AND g.role = 'data' AND h.role = 'data'
        AND g.kind = 'number' AND h.kind = 'number' AND g.quantity = h.quantity AND g.number > 0
        AND coalesce(g.condition, '') = coalesce(a.condition, '') AND coalesce(h.condition, '') = coalesce(a.condition, '')
      RETURN g.quantity AS name, g.number AS old, h.number AS new
  sql: "SELECT name FROM r WHERE new < old ORDER BY (new - old) / old ASC LIMIT 1"
closed: t
answer_type: text
question:
  - "Which component of {{ a.group | of(e.name) }}{{ a.condition | condition }}{{ a.scope | scope }} shrank by the largest percentage {{ a.period | from_to(b.period) }}?"
  - "{{ a.period | from_to(b.period) }}, which component of {{ a.group | of(e.name) }}{{ a.condition | condition }}{{ a.scope | scope }} had the largest percentage decline?"
strata: [document, answer]
limit_per: {document: 15, answer: 3}
*/
MATCH (e:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(w:Row)-[:STATES]->(b:Assertion), (t:Table)-[:HAS_ROW]->(w)
WHERE a.kind = 'number' AND b.kind = 'number' AND a.shape = 'statement' AND a.role = 'data' AND b.role = 'data' AND a.group IS NOT NULL
  AND a.additive = true AND a.quantity = b.quantity AND a.unit = b.unit AND a.scale = b.scale AND a.number > 0 AND b.number > 0 AND t.cut = false
  AND NOT toLower(a.group) CONTAINS 'change' AND NOT toLower(a.group) CONTAINS 'activities' AND NOT toLower(a.group) CONTAINS 'adjustment'
  AND NOT toLower(a.group) CONTAINS 'earnings' AND NOT toLower(a.group) CONTAINS 'stock' AND NOT toLower(a.group) CONTAINS 'comprehensive'
  AND NOT toLower(a.group) CONTAINS 'equity' AND NOT toLower(a.group) CONTAINS 'denominator'
  AND coalesce(a.condition, '') = coalesce(b.condition, '') AND a.period < b.period
  AND ((a.period STARTS WITH 'P3M' AND b.period STARTS WITH 'P3M') OR (a.period STARTS WITH 'P6M' AND b.period STARTS WITH 'P6M')
    OR (a.period STARTS WITH 'P9M' AND b.period STARTS WITH 'P9M') OR (a.period STARTS WITH 'P1Y' AND b.period STARTS WITH 'P1Y')
    OR (NOT a.period STARTS WITH 'P' AND NOT b.period STARTS WITH 'P'))
RETURN t, e, a, b
