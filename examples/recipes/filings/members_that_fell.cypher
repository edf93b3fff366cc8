/*
task: set
description: Which members of a group, products or segments, brought less than in the quarter a year before.
given: [e.name, a.group, a.period, b.period]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(p:Assertion), (t)-[:STATES]->(q:Assertion)
      WHERE p.quantity = q.quantity AND p.group = a.group AND q.group = a.group AND p.period = a.period AND q.period = b.period AND p.role = 'data'
      RETURN p.quantity AS quantity, p.number AS earlier, q.number AS later
  sql: "SELECT quantity FROM r WHERE later < earlier"
answer_type: set
closed: t
question:
  - "Which of {{ a.group | of(e.name) }} were lower{{ b.period | period }} than{{ a.period | period }}?"
strata: [document, answer]
limit_per: {answer: 2}
*/
MATCH (t:Table)-[:STATES]->(a:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(b:Assertion)<-[:STATES]-(t)
WHERE a.quantity = b.quantity AND a.period_day < b.period_day AND a.period STARTS WITH 'P3M' AND b.period STARTS WITH 'P3M'
  AND a.set IN ['reportable segments', 'categories', 'significant products', 'specialized markets', 'geographic regions'] AND a.group IS NOT NULL
RETURN t, a, e, b
