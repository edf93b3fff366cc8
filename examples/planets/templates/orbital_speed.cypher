/*
# A template of your own. The shipped `formula_2` finds operands by what a formula's symbols denote; this one names them,
# for a formula whose text explains its symbols in other words than the table does. Three things to learn here:
# 1. `formula(x, a = ..., T = ...)` uses the symbols' own names. Units are converted (the table has 10^3 km and days) and
#    the result is stated in `unit`, which must have the dimension that the formula gives.
# 2. The pattern is two parts that share no variable; WHERE ties them together (one document, one symbol's meaning).
# 3. WHERE only chooses what is drawn. What makes the question have one answer are the claims in `given`.
# Try it: kgmine template preview examples/planets/templates/orbital_speed.cypher --workspace out/workspace
task: formula
description: The mean orbital speed of a moon from the table of its orbit (v = 2 pi a / T).
given: [e.name, v.denotes, p.quantity, q.quantity, p.scope, q.scope]
derive:
  sympy: "formula(x, a = p.number, T = q.number)"
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
