/*
task: superlative
description: For which member of an axis (a language, a strategy) one subject has its lowest value, in one row of a table.
given: [e.name, x.kind, f.quantity, f.period, f.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(e)
      WHERE g.quantity = f.quantity AND g.condition STARTS WITH x.kind + '=' AND coalesce(g.period, '') = coalesce(f.period, '')
        AND g.role = 'data' AND g.kind = 'number'
      RETURN g.condition AS member, g.number AS number
  sql: "SELECT substr(member, instr(member, '=') + 1) AS name FROM r ORDER BY number ASC LIMIT 1"
closed: t
answer_type: text
question:
  - "For which {{ x.kind | noun }} {{ f.quantity | be }} the {{ f.quantity | phrase }} of {{ e.name | reference }} the {{ f.quantity | degree('lowest') }}{{ f.period | period }}{{ f.scope | scope }}?"
  - "{{ f.scope | scope }}, for which {{ x.kind | noun }} does {{ e.name | reference }} have the {{ f.quantity | degree('lowest') }} {{ f.quantity | phrase }}{{ f.period | period }}?"
strata: [document, answer]
limit_per: {document: 12, answer: 2}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)-[:SUBJECT]->(e:Entity), (x:Entity)
WHERE f.kind = 'number' AND f.role = 'data' AND f.shape = 'results' AND f.condition = x.kind + '=' + x.name AND t.cut = false
RETURN t, f, e, x
