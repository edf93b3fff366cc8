/*
task: text_and_table
description: An amount that only the text gives, as a multiple of an amount of the balance sheet.
given: [e.name, t.quantity, b.quantity, t.period, b.period]
derive:
  sympy: "t.number / b.number"
  decimals: 2
question:
  - "How many times as large as {{ b.quantity | of(e.name) }} {{ t.quantity | be }} {{ t.quantity | pronoun(e.name) }}{{ t.period | period }}{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {answer: 2}
*/
MATCH (c:Chunk)-[:STATES]->(t:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(b:Assertion)<-[:STATES]-(x:Table)
WHERE t.kind = 'number' AND t.unit = 'USD' AND b.unit = 'USD' AND t.period = b.period
  AND t.quantity IN ['manufacturing purchase obligations', 'Commercial Paper outstanding', 'aggregate unearned stock-based compensation expense']
  AND b.quantity IN ['inventories', 'cash and cash equivalents', 'accounts payable']
RETURN c, t, e, b, x
