/*
task: formula
description: A formula with one operand, evaluated for one subject; the operand is found by what its symbol denotes.
given: [e.name, v.denotes, p.quantity, p.scope]
derive:
  sympy: "formula(x, s = p.number)"
question:
  - "Computed from its {{ p.quantity | phrase }}{{ p.scope | scope }}, what is the {{ v.denotes | meant }} of {{ e.name | reference }}{{ answer.unit }}?"
  - "What {{ v.denotes | meant }} follows for {{ e.name | reference }} from its {{ p.quantity | phrase }}{{ p.scope | scope }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (e:Entity)<-[:SUBJECT]-(p:Assertion), (v:Symbol)<-[:USES]-(x:Formula)-[:USES]->(s:Symbol)
WHERE x.sympy IS NOT NULL AND x.target = v.name AND p.document = x.document AND p.kind = 'number' AND p.role = 'data'
  AND (s.denotes = p.quantity OR s.denotes IN [p.quantity + ' of the ' + e.kind, p.quantity + ' of the orbit', p.quantity + ' of the body', p.quantity + ' of the object'])
  AND (NOT v.denotes CONTAINS ' of the ' OR v.denotes ENDS WITH ' of the ' + e.kind)
  AND NOT EXISTS { MATCH (x)-[:USES]->(z:Symbol) WHERE z.id <> s.id AND z.id <> v.id }
RETURN e, p, x, s, v
