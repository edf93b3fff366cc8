/*
task: share
description: What a member of a group, product, segment or market, brought of the total.
given: [e.name, p.quantity, w.quantity, p.period, w.period]
derive:
  sympy: "100 * p.number / w.number"
  unit: "%"
  decimals: 1
question:
  - "What percentage of {{ w.quantity | of(e.name) }}{{ w.period | period }} {{ p.quantity | portion(w.quantity) }}{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {answer: 2}
*/
MATCH (w:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(p:Assertion)
WHERE w.quantity IN ['total net sales', 'total revenue', 'revenue'] AND p.element = w.element AND p.period = w.period
  AND p.set IN ['reportable segments', 'categories', 'significant products', 'specialized markets', 'geographic regions']
RETURN w, e, p
