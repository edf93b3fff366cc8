/*
task: formula
description: A formula with two operands, evaluated for one subject; the operands are found by what its symbols denote.
given: [e.name, v.denotes, p.quantity, q.quantity, p.scope, q.scope]
derive:
  sympy: "formula(x, s = p.number, r = q.number)"
question:
  - "Computed from its {{ p.quantity | phrase }} and its {{ q.quantity | phrase }}{{ p.scope | scope }}, what is the {{ v.denotes | meant }} of {{ e.name | reference }}{{ answer.unit }}?"
  - "What {{ v.denotes | meant }} follows for {{ e.name | reference }} from its {{ p.quantity | phrase }} and its {{ q.quantity | phrase }}{{ p.scope | scope }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (p:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(q:Assertion), (v:Symbol)<-[:USES]-(x:Formula)-[:USES]->(s:Symbol), (x)-[:USES]->(r:Symbol)
WHERE x.sympy IS NOT NULL AND x.target = v.name AND p.document = x.document AND q.document = x.document AND s.name < r.name
  AND p.kind = 'number' AND q.kind = 'number' AND p.role = 'data' AND q.role = 'data'
  AND (s.denotes = p.quantity OR s.denotes IN [p.quantity + ' of the ' + e.kind, p.quantity + ' of the orbit', p.quantity + ' of the body', p.quantity + ' of the object'])
  AND (r.denotes = q.quantity OR r.denotes IN [q.quantity + ' of the ' + e.kind, q.quantity + ' of the orbit', q.quantity + ' of the body', q.quantity + ' of the object'])
  AND (NOT v.denotes CONTAINS ' of the ' OR v.denotes ENDS WITH ' of the ' + e.kind)
  AND NOT EXISTS { MATCH (x)-[:USES]->(z:Symbol) WHERE z.id <> s.id AND z.id <> r.id AND z.id <> v.id }
RETURN e, p, q, x, s, r, v
