/*
task: value_date
description: When something about a subject happened.
given: [e.name, f.quantity, f.condition, f.period, f.scope]
answer: f.date
question:
  - "{{ f.quantity | ask(e.name) }}{{ f.condition | condition }}{{ f.period | period }}{{ f.scope | scope }}?"
  - "{{ f.quantity | fell(e.name) }}{{ f.condition | condition }}{{ f.period | period }}{{ f.scope | scope }}?"
strata: [document, answer]
limit_per: {document: 40, answer: 3}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.kind = 'date' AND f.role = 'data' AND f.shape IN ['entities', 'form', 'sentence', 'statement']
RETURN f, e
