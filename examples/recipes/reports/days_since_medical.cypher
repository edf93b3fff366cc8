/*
task: interval
description: How long before the accident the pilot had the last medical examination.
given: [e.name, x.quantity, m.quantity]
derive:
  sympy: "days(x.date, m.date)"
  unit: day
question:
  - "How many days lie between {{ m.quantity | of(e.name) }} and {{ x.quantity | the }}?"
strata: [document]
*/
MATCH (x:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(m:Assertion)
WHERE x.quantity = 'date of the accident' AND m.quantity = 'date of the last FAA medical exam of the pilot'
RETURN x, e, m
