/*
task: ratio
description: Days that the inventories would last at the quarter's cost of sales.
given: [e.name, i.quantity, c.quantity, i.period, c.period]
derive:
  sympy: "91 * i.number / c.number"
  decimals: 1
question:
  - "Taking a quarter as 91 days, how many days of {{ c.quantity | of(e.name) }}{{ c.period | period }} did {{ i.quantity | pronoun(e.name) }}{{ i.period | period }} cover{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {answer: 2}
*/
MATCH (i:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(c:Assertion)
WHERE i.quantity = 'inventories' AND c.quantity IN ['total cost of sales', 'cost of revenue'] AND c.period STARTS WITH 'P3M' AND i.period_day = c.period_day
RETURN i, e, c
