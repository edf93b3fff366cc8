/*
task: join
description: For how many of the members that one table gives an attribute does one subject beat another in a second table (SQL JOIN on the member).
given: [x.kind, f.quantity, f.text, f.scope, d.name, e.name, a.quantity, b.quantity, a.scope, b.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(y:Entity)
      WHERE g.quantity = f.quantity AND g.role = 'data' RETURN y.kind AS kind, y.name AS name, g.text AS text
    one: >-
      MATCH (c)<-[:HAS_COLUMN]-(u:Table)-[:STATES]->(h:Assertion)-[:SUBJECT]->(e)
      WHERE h.quantity = a.quantity AND h.kind = 'number' AND h.role = 'data' RETURN h.condition AS member, h.number AS number
    two: >-
      MATCH (c)<-[:HAS_COLUMN]-(u:Table)-[:STATES]->(h:Assertion)-[:SUBJECT]->(d)
      WHERE h.quantity = a.quantity AND h.kind = 'number' AND h.role = 'data' RETURN h.condition AS member, h.number AS number
  sql: >-
    SELECT CASE WHEN count(*) > 0 THEN count(CASE WHEN one.number > two.number THEN 1 END) END
    FROM r JOIN f ON lower(r.text) = lower(f.text)
    JOIN one ON one.member = r.kind || '=' || r.name OR one.member LIKE '%; ' || r.kind || '=' || r.name
    JOIN two ON two.member = one.member
closed: t
answer_type: count
question:
  - "For how many of the {{ x.kind | plural }}{{ f.scope | scope }} whose {{ f.quantity | phrase }} is {{ f.text | spoken }} does {{ e.name | reference }} have {{ a.quantity | graded('higher') }} than {{ d.name | reference }}?"
  - "{{ f.scope | scope }}, for how many {{ x.kind | plural }} whose {{ f.quantity | phrase }} is {{ f.text | spoken }} {{ a.quantity | be }} the {{ a.quantity | phrase }} of {{ e.name | reference }} {{ a.quantity | degree('higher') }} than that of {{ d.name | reference }}?"
strata: [document, answer]
limit_per: {document: 15, answer: 4}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)-[:SUBJECT]->(x:Entity),
  (d:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(c:Column)-[:STATES]->(b:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.shape = 'entities' AND f.kind IN ['text', 'entity'] AND f.role = 'data' AND a.shape = 'results' AND a.kind = 'number' AND a.role = 'data'
  AND b.kind = 'number' AND b.role = 'data' AND a.quantity = b.quantity AND a.condition = b.condition AND d.id <> e.id
  AND (a.condition = x.kind + '=' + x.name OR a.condition ENDS WITH '; ' + x.kind + '=' + x.name) AND f.scope = a.scope AND t.cut = false AND size(f.text) > 1
  AND EXISTS { MATCH (t)-[:STATES]->(k:Assertion) WHERE k.quantity = f.quantity AND k.text = f.text AND k.id <> f.id }
RETURN t, f, x, c, a, b, d, e
