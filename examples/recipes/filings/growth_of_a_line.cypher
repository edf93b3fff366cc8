/*
task: percentage_change
description: Growth of a sales line between two quarters of one statement, in percent.
given: [e.name, a.quantity, b.quantity, a.period, b.period]
derive:
  sympy: "100 * (b.number - a.number) / a.number"
  unit: "%"
  decimals: 1
question:
  - "By what percentage did {{ a.quantity | of(e.name) }} change {{ a.period | from_to(b.period) }}{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {answer: 2}
*/
MATCH (a:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(b:Assertion)
WHERE a.quantity = b.quantity AND a.element = b.element AND a.period_day < b.period_day
  AND a.period STARTS WITH 'P3M' AND b.period STARTS WITH 'P3M' AND a.quantity STARTS WITH 'net sales of'
RETURN a, e, b
