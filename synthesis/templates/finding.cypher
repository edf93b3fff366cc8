/*
task: finding
description: What an investigation found to be the cause.
given: [e.name, f.quantity, f.scope]
answer: f.text
answer_type: text
question:
  - "What was found to be {{ f.quantity | of(e.name) }}{{ f.scope | scope }}?"
  - "What did the investigation determine to be {{ f.quantity | of(e.name) }}{{ f.scope | scope }}?"
strata: [document]
limit_per: {document: 3}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.kind = 'text' AND f.shape <> 'reason' AND f.shape <> 'definition'
  AND (f.quantity CONTAINS 'probable cause' OR f.quantity = 'cause' OR f.quantity CONTAINS 'root cause' OR f.quantity STARTS WITH 'finding' OR f.quantity STARTS WITH 'conclusion')
RETURN f, e
