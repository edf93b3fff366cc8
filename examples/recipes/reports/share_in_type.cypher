/*
task: share
description: How much of a pilot's experience was in the make and model that had the accident.
given: [e.name, m.quantity, m.condition, a.quantity, a.condition]
derive:
  sympy: "100 * m.number / a.number"
  unit: "%"
  decimals: 1
question:
  - "Of {{ a.quantity | of(e.name) }}, what percentage of the hours{{ a.condition | condition }} was{{ m.condition | condition }}{{ answer.rounding }}?"
strata: [document]
*/
MATCH (m:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(a:Assertion)
WHERE m.quantity = 'total flight time of the pilot' AND a.quantity = 'total flight time of the pilot'
  AND m.condition = 'this make and model' AND a.condition = 'all aircraft'
RETURN m, e, a
