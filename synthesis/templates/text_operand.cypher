/*
task: text_operand
description: An amount that only the text states, as a percentage of an amount that only a table states, at one date or period.
given: [e.name, p.quantity, q.quantity, p.period, q.period, p.condition, q.condition, p.scope, q.scope]
derive:
  sympy: "100 * p.number / q.number"
  unit: '%'
  decimals: 1
question:
  - "As a percentage of {{ q.quantity | of(e.name) }}{{ q.condition | condition }}{{ q.period | period }}{{ q.scope | scope }}, how high {{ p.quantity | be }} {{ p.quantity | pronoun(e.name) }}{{ p.condition | condition }}{{ answer.rounding }}?"
  - "What percentage of {{ q.quantity | of(e.name) }}{{ q.condition | condition }}{{ q.period | period }}{{ q.scope | scope }} did {{ p.quantity | pronoun(e.name) }}{{ p.condition | condition }} correspond to{{ answer.rounding }}?"
strata: [document, answer]
limit_per: {document: 20, answer: 3}
*/
MATCH (:Chunk)-[:STATES]->(p:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(q:Assertion)<-[:STATES]-(:Table)
WHERE p.kind = 'number' AND q.kind = 'number' AND p.shape = 'sentence' AND q.shape = 'statement' AND p.unit = q.unit AND p.period = q.period
  AND p.quantity <> q.quantity AND p.number > 0 AND q.number > 0 AND p.unit IN ['USD', 'EUR', 'GBP', 'JPY', 'CNY', 'INR', 'CHF', 'CAD', 'AUD']
  AND toLower(q.quantity) IN ['total assets', 'total liabilities', 'total current liabilities', 'revenue', 'total revenue',
    'net sales', 'total net sales', 'net income', 'total operating expenses']
  AND (p.scale = q.scale AND p.number >= 0.01 * q.number OR p.scale = 9 AND q.scale = 6 AND 1000 * p.number >= 0.01 * q.number)
  AND NOT EXISTS { MATCH (e)<-[:SUBJECT]-(g:Assertion) WHERE g.shape = 'statement' AND g.period = p.period AND g.unit = p.unit
    AND (p.scale = 9 AND g.scale = 6 AND abs(g.number - 1000 * p.number) <= 50 OR g.scale = p.scale AND g.number = p.number) }
RETURN e, p, q
