/*
task: formula
description: A formula of a document evaluated for one subject, its operands read from a table (here v = 2 pi a / T).
given: [e.name, v.denotes, p.quantity, q.quantity, p.scope, q.scope]
derive:
  sympy: "formula(x, a = p.number, T = q.number * 86400)"
  unit: kilometre/second
  decimals: 2
question:
  - "Computed from its {{ p.quantity | phrase }} and its {{ q.quantity | phrase }}{{ p.scope | scope }}, what is the {{ v.denotes | phrase }} of {{ e.name | reference }}{{ answer.unit }}?"
  - "What {{ v.denotes | phrase }} follows for {{ e.name | reference }} from its {{ p.quantity | phrase }} and its {{ q.quantity | phrase }}{{ p.scope | scope }}{{ answer.unit }}?"
strata: [answer]
limit_per: {document: 20}
*/
MATCH (p:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(q:Assertion), (x:Formula)-[:USES]->(v:Symbol)
WHERE p.quantity = 'semi-major axis' AND q.quantity = 'orbital period' AND p.unit = 'kilometre' AND q.unit = 'day' AND p.document = q.document
  AND x.document = p.document AND x.target = 'v' AND x.sympy IS NOT NULL AND v.name = 'v' AND v.denotes CONTAINS 'orbital speed'
RETURN e, p, q, x, v
