/*
task: reason
description: Why something happened, as the text says it.
given: [e.name, f.quantity, f.period, f.scope]
answer: f.text
answer_type: text
question:
  - "{{ f.quantity | why(e.name) }}{{ f.period | period }}{{ f.scope | scope }}?"
  - "What was the reason that {{ f.quantity | clause(e.name) }}{{ f.period | period }}{{ f.scope | scope }}?"
strata: [document]
limit_per: {document: 20}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.shape = 'reason'
RETURN f, e
