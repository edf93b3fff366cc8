/*
task: chain_difference
description: How many years after the birth of its discoverer something was discovered (three facts, two tables).
given: [m.name, y.quantity, f.quantity, b.quantity]
derive:
  sql: "SELECT CAST(y.date AS INTEGER) - CAST(b.date AS INTEGER) AS answer FROM y, b"
  unit: year
answer_type: number
question:
  - "How many years lie between the {{ b.quantity | phrase }} of {{ f.quantity | of(m.name) }} and the {{ y.quantity | phrase }} of {{ m.name | reference }}?"
strata: [answer]
limit_per: {answer: 3}
*/
MATCH (y:Assertion)-[:SUBJECT]->(m:Entity)<-[:SUBJECT]-(f:Assertion)-[:OBJECT]->(p:Entity)<-[:SUBJECT]-(b:Assertion)
WHERE y.quantity = 'year of discovery' AND f.quantity = 'discoverer' AND b.quantity = 'year of birth'
RETURN m, y, f, p, b
