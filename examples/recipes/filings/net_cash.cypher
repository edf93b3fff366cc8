/*
task: sum
description: Cash and marketable securities less debt, the net cash position of a balance sheet.
given: [e.name, c.quantity, m.quantity, n.quantity, p.quantity, s.quantity, l.quantity, c.period, m.period, n.period, p.period, s.period, l.period]
derive:
  sympy: "c.number + m.number + n.number - p.number - s.number - l.number"
  unit: same
question:
  - "By how much did {{ c.quantity | of(e.name) }}, {{ m.quantity | phrase }} and {{ n.quantity | phrase }} together exceed {{ p.quantity | phrase }}, {{ s.quantity | phrase }} and {{ l.quantity | phrase }}{{ c.period | period }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {answer: 2}
*/
MATCH (c:Assertion)-[:SUBJECT]->(e:Entity), (m:Assertion)-[:SUBJECT]->(e), (n:Assertion)-[:SUBJECT]->(e), (p:Assertion)-[:SUBJECT]->(e), (s:Assertion)-[:SUBJECT]->(e), (l:Assertion)-[:SUBJECT]->(e)
WHERE c.quantity = 'cash and cash equivalents' AND m.quantity = 'marketable securities within current assets' AND n.quantity = 'marketable securities within non-current assets'
  AND p.quantity = 'commercial paper' AND s.quantity = 'term debt within current liabilities' AND l.quantity = 'term debt within non-current liabilities'
  AND c.element = m.element AND c.element = n.element AND c.element = p.element AND c.element = s.element AND c.element = l.element
  AND c.period = m.period AND c.period = n.period AND c.period = p.period AND c.period = s.period AND c.period = l.period
RETURN c, m, n, p, s, l, e
