/*
task: cross_company
description: Which of two companies has the larger part of its sales in an item of its income statement, in quarters that lie near each other.
given: [a.name, b.name, ra.quantity, rb.quantity, sa.quantity, sb.quantity, ra.period, rb.period, sa.period, sb.period]
derive:
  sql: >-
    SELECT CASE WHEN abs(ra.number) * sb.number > abs(rb.number) * sa.number THEN a.name ELSE b.name END AS answer
    FROM a, b, ra, rb, sa, sb
answer_type: entity
question:
  - "Whose {{ ra.quantity | phrase }} {{ ra.quantity | be }} the larger share of its sales: {{ a.name | owner }}, set against its {{ sa.quantity | phrase }}{{ sa.period | period }}, or {{ b.name | owner }}, set against its {{ sb.quantity | phrase }}{{ sb.period | period }}?"
strata: [ra.quantity, answer]
*/
MATCH (ra:Assertion)-[:SUBJECT]->(a:Entity)<-[:SUBJECT]-(sa:Assertion), (rb:Assertion)-[:SUBJECT]->(b:Entity)<-[:SUBJECT]-(sb:Assertion)
WHERE ra.quantity IN ['research and development expenses', 'interest expense', 'net income', 'total operating expenses']
  AND rb.quantity = ra.quantity AND sa.quantity IN ['total net sales', 'revenue'] AND sb.quantity IN ['total net sales', 'revenue']
  AND a.kind = 'company' AND b.kind = 'company' AND a.name < b.name AND ra.period = sa.period AND rb.period = sb.period
  AND ra.period STARTS WITH 'P3M' AND rb.period STARTS WITH 'P3M' AND ra.unit = 'USD' AND rb.unit = 'USD'
  AND abs(ra.period_day - rb.period_day) <= 400
RETURN a, ra, sa, b, rb, sb
