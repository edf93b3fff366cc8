/*
task: list
description: Which members of a table have one stated attribute (small sets).
given: [t.set, f.quantity, f.text, f.condition, f.period, f.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(x:Entity)
      WHERE g.quantity = f.quantity AND coalesce(g.condition, '') = coalesce(f.condition, '') AND coalesce(g.period, '') = coalesce(f.period, '')
        AND g.role = 'data'
      RETURN x.name AS name, g.text AS text
  sql: "SELECT DISTINCT r.name FROM r, f WHERE lower(r.text) = lower(f.text)"
closed: t
answer_type: set
question:
  - "Which of the {{ closed }}{{ f.scope | scope }} have {{ f.text | spoken }} as their {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }}?"
  - "List the {{ closed }}{{ f.scope | scope }} whose {{ f.quantity | phrase }} is {{ f.text | spoken }}{{ f.condition | condition }}{{ f.period | period }}."
strata: [document, answer]
limit_per: {document: 12, answer: 2}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)
WHERE f.kind IN ['text', 'entity', 'date'] AND f.role = 'data' AND f.shape = 'entities' AND t.set IS NOT NULL AND t.cut = false
  AND toLower(f.quantity) <> toLower(t.kind)
  AND EXISTS { MATCH (t)-[:STATES]->(g:Assertion) WHERE g.quantity = f.quantity AND g.text = f.text AND g.id <> f.id }
RETURN t, f
