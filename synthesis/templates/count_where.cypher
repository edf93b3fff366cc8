/*
task: count
description: How many members of a table have one stated attribute.
given: [t.set, f.quantity, f.text, f.condition, f.period, f.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(x:Entity)
      WHERE g.quantity = f.quantity AND coalesce(g.condition, '') = coalesce(f.condition, '') AND coalesce(g.period, '') = coalesce(f.period, '')
        AND g.role = 'data'
      RETURN x.name AS name, g.text AS text
  sql: "SELECT count(DISTINCT r.name) FROM r, f WHERE lower(r.text) = lower(f.text)"
closed: t
answer_type: count
question:
  - "How many of the {{ closed }}{{ f.scope | scope }} have {{ f.text | spoken }} as their {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }}?"
  - "For how many of the {{ closed }}{{ f.scope | scope }} is the {{ f.quantity | phrase }} {{ f.text | spoken }}{{ f.condition | condition }}{{ f.period | period }}?"
strata: [document, answer]
limit_per: {document: 30, answer: 6}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)
WHERE f.kind IN ['text', 'entity', 'date'] AND f.role = 'data' AND f.shape = 'entities' AND t.set IS NOT NULL AND t.cut = false
  AND toLower(f.quantity) <> toLower(t.kind)
  AND EXISTS { MATCH (t)-[:STATES]->(g:Assertion) WHERE g.quantity = f.quantity AND g.text = f.text AND g.id <> f.id }
RETURN t, f
