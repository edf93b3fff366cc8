/*
task: join
description: How many members of one table name something to which another table gives an attribute (SQL JOIN on what they name).
given: [t.set, f.quantity, f.scope, g.quantity, g.text]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(a:Assertion)-[:SUBJECT]->(x:Entity)
      WHERE a.quantity = f.quantity AND a.role = 'data' RETURN x.name AS name, a.text AS key
    s: >-
      MATCH (u)-[:STATES]->(b:Assertion)-[:SUBJECT]->(y:Entity)
      WHERE b.quantity = g.quantity AND b.role = 'data' RETURN y.name AS key, b.text AS text
  sql: >-
    SELECT count(DISTINCT r.name) FROM r JOIN s ON lower(s.key) = lower(r.key) JOIN g ON 1 = 1
    WHERE lower(s.text) = lower(g.text)
closed: t
answer_type: count
question:
  - "How many of the {{ closed }}{{ f.scope | scope }} have a {{ f.quantity | noun }} whose {{ g.quantity | phrase }} is {{ g.text | spoken }}?"
  - "For how many of the {{ closed }}{{ f.scope | scope }} is {{ g.text | spoken }} the {{ g.quantity | phrase }} of the {{ f.quantity | noun }}?"
strata: [document, answer]
limit_per: {document: 15, answer: 3}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)-[:OBJECT]->(o:Entity)<-[:SUBJECT]-(g:Assertion)<-[:STATES]-(u:Table)
WHERE f.role = 'data' AND f.shape = 'entities' AND g.kind IN ['text', 'entity'] AND g.role = 'data' AND g.shape = 'entities'
  AND t.id <> u.id AND t.set IS NOT NULL AND t.cut = false AND u.cut = false AND size(g.text) > 1 AND f.quantity <> g.quantity
RETURN t, f, o, g, u
