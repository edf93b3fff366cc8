/*
task: comparison_computed
description: Which of two accidents had the wider gap between temperature and dew point.
given: [a.name, b.name, ta.quantity, da.quantity, tb.quantity, db.quantity]
derive:
  sql: >-
    SELECT CASE WHEN ta.number - da.number > tb.number - db.number THEN a.name ELSE b.name END AS answer
    FROM ta, da, tb, db, a, b WHERE ta.number - da.number <> tb.number - db.number
answer_type: entity
question:
  - "Between {{ ta.quantity | the }} and {{ da.quantity | the }}, which gap was the wider: that of {{ a.name | reference }} or that of {{ b.name | reference }}?"
strata: [answer]
limit_per: {answer: 4}
symmetric: once
*/
MATCH (ta:Assertion)-[:SUBJECT]->(a:Entity)<-[:SUBJECT]-(da:Assertion),
      (tb:Assertion)-[:SUBJECT]->(b:Entity)<-[:SUBJECT]-(db:Assertion)
WHERE ta.quantity = 'temperature at the time of the accident' AND tb.quantity = ta.quantity
  AND da.quantity = 'dew point at the time of the accident' AND db.quantity = da.quantity
  AND a <> b
RETURN a, b, ta, da, tb, db
