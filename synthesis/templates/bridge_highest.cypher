/*
task: bridge
description: A fact of the member that has the highest value in a table, which another table or the text gives.
given: [e.kind, f.quantity, f.condition, f.period, f.scope, b.quantity, b.condition, b.period]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(x:Entity)
      WHERE g.quantity = f.quantity AND coalesce(g.condition, '') = coalesce(f.condition, '') AND coalesce(g.period, '') = coalesce(f.period, '')
        AND g.role = 'data' AND g.kind = 'number'
      RETURN x.name AS name, g.number AS number
    s: >-
      MATCH (h:Assertion)-[:SUBJECT]->(y:Entity)
      WHERE h.quantity = b.quantity AND h.document = b.document AND h.element <> f.element AND coalesce(h.condition, '') = coalesce(b.condition, '')
        AND coalesce(h.period, '') = coalesce(b.period, '') AND h.role = 'data' AND h.kind = 'number' AND y.kind = e.kind
      RETURN y.name AS name, h.number AS number
  sql: "SELECT s.number AS answer FROM r JOIN s ON s.name = r.name JOIN b ON 1 = 1 ORDER BY r.number DESC LIMIT 1"
  unit: same
closed: t
answer_type: number
question:
  - "{{ b.quantity | ask_of }}{{ b.condition | condition }}{{ b.period | period }} of the {{ e.kind | noun }} with the {{ f.quantity | degree('highest') }} {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }}{{ f.scope | scope }}{{ answer.unit }}?"
  - "{{ f.scope | scope }}, {{ b.quantity | ask_of }}{{ b.condition | condition }}{{ b.period | period }} of the {{ e.kind | noun }} that has the {{ f.quantity | degree('highest') }} {{ f.quantity | phrase }}{{ f.condition | condition }}{{ f.period | period }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 6, answer: 2}
*/
MATCH (t:Table)-[:STATES]->(f:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(b:Assertion)
WHERE f.kind = 'number' AND f.role = 'data' AND f.shape = 'entities' AND b.kind = 'number' AND b.role = 'data' AND b.shape IN ['entities', 'sentence']
  AND f.element <> b.element AND f.quantity <> b.quantity AND t.cut = false AND f.document = b.document
  AND NOT EXISTS { MATCH (t)-[:STATES]->(k:Assertion) WHERE k.quantity = f.quantity AND coalesce(k.condition, '') = coalesce(f.condition, '') AND coalesce(k.period, '') = coalesce(f.period, '') AND k.role = 'data' AND k.number > f.number }
RETURN t, f, e, b
