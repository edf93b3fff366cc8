/*
task: difference
description: How far the temperature was above the dew point, the spread that pilots watch for fog and carburettor ice.
given: [e.name, t.quantity, d.quantity]
derive:
  sympy: "t.number - d.number"
  unit: degree Celsius
question:
  - "By how much did {{ t.quantity | of(e.name) }} exceed {{ d.quantity | the }}{{ answer.unit }}?"
  - "How far above {{ d.quantity | the }} was {{ t.quantity | of(e.name) }}{{ answer.unit }}?"
strata: [document]
*/
MATCH (t:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(d:Assertion)
WHERE t.quantity = 'temperature at the time of the accident' AND d.quantity = 'dew point at the time of the accident'
RETURN t, e, d
