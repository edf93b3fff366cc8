/*
task: rate
description: Pounds of gross weight that each horsepower has to carry.
given: [e.name, w.quantity, p.quantity]
derive:
  sympy: "w.number / p.number"
  unit: pound/horsepower
  decimals: 1
question:
  - "What is the ratio of {{ w.quantity | of(e.name) }} to its {{ p.quantity | phrase }}{{ answer.unit }}?"
*/
MATCH (w:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(p:Assertion)
WHERE w.quantity = 'certified maximum gross weight' AND p.quantity = 'rated power' AND p.unit IS NOT NULL
RETURN w, e, p
