/*
task: join
description: Of the members that one table gives an attribute, for which does a subject have the highest result in another table (SQL JOIN on the member).
given: [x.kind, f.quantity, f.text, f.scope, e.name, a.quantity, a.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(y:Entity)
      WHERE g.quantity = f.quantity AND g.role = 'data' RETURN y.kind AS kind, y.name AS name, g.text AS text
    s: >-
      MATCH (u)-[:STATES]->(h:Assertion)-[:SUBJECT]->(e)
      WHERE h.quantity = a.quantity AND h.kind = 'number' AND h.role = 'data' RETURN h.condition AS member, h.number AS number
  sql: >-
    SELECT r.name FROM r JOIN s ON s.member = r.kind || '=' || r.name OR s.member LIKE '%; ' || r.kind || '=' || r.name
    JOIN f ON lower(r.text) = lower(f.text) ORDER BY s.number DESC LIMIT 1
closed: t
answer_type: entity
question:
  - "Among the {{ x.kind | plural }}{{ f.scope | scope }} whose {{ f.quantity | phrase }} is {{ f.text | spoken }}, for which does {{ e.name | reference }} have the {{ a.quantity | degree('highest') }} {{ a.quantity | phrase }}?"
  - "{{ f.scope | scope }}, for which {{ x.kind | noun }} whose {{ f.quantity | phrase }} is {{ f.text | spoken }} {{ a.quantity | be }} the {{ a.quantity | phrase }} of {{ e.name | reference }} the {{ a.quantity | degree('highest') }}?"
strata: [document, answer]
limit_per: {document: 15, answer: 4}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)-[:SUBJECT]->(x:Entity), (u:Table)-[:STATES]->(a:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.shape = 'entities' AND f.kind IN ['text', 'entity'] AND f.role = 'data' AND a.shape = 'results' AND a.kind = 'number' AND a.role = 'data'
  AND (a.condition = x.kind + '=' + x.name OR a.condition ENDS WITH '; ' + x.kind + '=' + x.name) AND t.id <> u.id AND f.scope = a.scope
  AND t.cut = false AND u.cut = false AND size(f.text) > 1
  AND EXISTS { MATCH (t)-[:STATES]->(k:Assertion) WHERE k.quantity = f.quantity AND k.text = f.text AND k.id <> f.id }
RETURN t, f, x, u, a, e
