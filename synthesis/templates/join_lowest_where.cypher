/*
task: join
description: Of the members of one table to which another table gives an attribute, which has the lowest value (SQL JOIN on the member).
given: [t.set, f.quantity, f.condition, f.period, f.scope, g.quantity, g.text]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(a:Assertion)-[:SUBJECT]->(x:Entity)
      WHERE a.quantity = f.quantity AND coalesce(a.condition, '') = coalesce(f.condition, '') AND coalesce(a.period, '') = coalesce(f.period, '')
        AND a.role = 'data' AND a.kind = 'number' RETURN x.name AS name, a.number AS number
    s: >-
      MATCH (u)-[:STATES]->(b:Assertion)-[:SUBJECT]->(y:Entity)
      WHERE b.quantity = g.quantity AND b.role = 'data' RETURN y.name AS name, b.text AS text
  sql: >-
    SELECT r.name FROM r JOIN s ON s.name = r.name JOIN g ON 1 = 1
    WHERE lower(s.text) = lower(g.text) ORDER BY r.number ASC LIMIT 1
closed: t
answer_type: entity
question:
  - "Which of the {{ closed }}{{ f.scope | scope }} with {{ g.text | spoken }} as {{ g.quantity | phrase }} has the {{ f.quantity | degree('lowest') }} {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }}?"
  - "Among the {{ closed }}{{ f.scope | scope }} whose {{ g.quantity | phrase }} is {{ g.text | spoken }}, which one has the {{ f.quantity | degree('lowest') }} {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }}?"
strata: [document, answer]
limit_per: {document: 15, answer: 3}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(g:Assertion)<-[:STATES]-(u:Table)
WHERE f.kind = 'number' AND f.role = 'data' AND f.shape = 'entities' AND g.kind IN ['text', 'entity'] AND g.role = 'data' AND g.shape = 'entities'
  AND t.id <> u.id AND t.set IS NOT NULL AND t.cut = false AND u.cut = false AND size(g.text) > 1
  AND NOT EXISTS { MATCH (t)-[:STATES]->(k:Assertion) WHERE k.quantity = g.quantity }
  AND EXISTS { MATCH (u)-[:STATES]->(h:Assertion)-[:SUBJECT]->(y:Entity)<-[:SUBJECT]-(k:Assertion)<-[:STATES]-(t)
    WHERE h.quantity = g.quantity AND h.text = g.text AND y.id <> e.id AND k.quantity = f.quantity }
RETURN t, f, e, g, u
