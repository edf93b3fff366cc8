/*
task: share
description: What percentage of revenue an expense or a profit is, as analysts of a company ask.
given: [e.name, p.quantity, q.quantity, p.period, q.period, p.condition, q.condition, p.scope, q.scope]
derive:
  sympy: "100 * p.number / q.number"
  unit: '%'
  decimals: 1
question:
  - "What percentage of {{ q.quantity | of(e.name) }}{{ q.period | period }}{{ q.scope | scope }} {{ p.quantity | portion(q.quantity) }}{{ answer.rounding }}?"
  - "As a percentage of {{ q.quantity | phrase }}, how high {{ p.quantity | be }} {{ p.quantity | of(e.name) }}{{ q.period | period }}{{ q.scope | scope }}{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {document: 15, answer: 3}
*/
MATCH (e:Entity)<-[:SUBJECT]-(p:Assertion)<-[:STATES]-(c:Column)-[:STATES]->(q:Assertion)
WHERE p.kind = 'number' AND q.kind = 'number' AND p.shape = 'statement' AND p.id <> q.id AND p.unit = q.unit AND p.scale = q.scale
  AND toLower(q.quantity) IN ['revenue', 'revenues', 'total revenue', 'total revenues', 'total net sales', 'net sales', 'net revenue', 'turnover']
  AND (toLower(p.quantity) IN ['research and development', 'selling, general and administrative', 'sales, general and administrative',
      'cost of revenue', 'cost of sales', 'total cost of sales', 'total operating expenses', 'operating expenses', 'gross profit', 'gross margin',
      'operating income', 'income from operations', 'net income', 'marketing', 'interest expense', 'provision for income taxes']
    OR toLower(p.quantity) STARTS WITH 'research and development' OR toLower(p.quantity) STARTS WITH 'selling, general and administrative')
  AND p.period = q.period AND coalesce(p.condition, '') = coalesce(q.condition, '') AND p.number > 0 AND p.number < q.number
RETURN e, p, q
