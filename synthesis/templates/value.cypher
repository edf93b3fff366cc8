/*
task: value
description: The value of a quantity of a subject, as printed.
given: [e.name, f.quantity, f.condition, f.period, f.scope]
answer: f.number
question:
  - "{{ f.quantity | ask(e.name) }}{{ f.condition | condition }}{{ f.period | period }}{{ f.scope | scope }}{{ answer.unit }}?"
  - "{% if f.period %}{{ f.period | period }}, {% endif %}{{ f.quantity | ask(e.name) }}{{ f.condition | condition }}{{ f.scope | scope }}{{ answer.unit }}?"
  - "{{ f.quantity | amount(e.name) }}{{ f.condition | condition }}{{ f.period | period }}{{ f.scope | scope }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 60, answer: 3}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.kind = 'number' AND f.role IN ['data', 'total'] AND f.shape IN ['statement', 'entities', 'results', 'form', 'sentence']
  AND (f.number >= 0 OR f.shape <> 'statement')
RETURN f, e
