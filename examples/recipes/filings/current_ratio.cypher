/*
task: ratio
description: The current ratio, current assets to current liabilities, at a balance sheet date.
given: [e.name, a.quantity, l.quantity, a.period, l.period]
derive:
  sympy: "a.number / l.number"
  decimals: 2
question:
  - "What was the ratio of {{ a.quantity | of(e.name) }} to {{ l.quantity | pronoun(e.name) }}{{ a.period | period }}{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {answer: 2}
*/
MATCH (a:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(l:Assertion)
WHERE a.quantity = 'total current assets' AND l.quantity = 'total current liabilities' AND a.period = l.period
RETURN a, e, l
