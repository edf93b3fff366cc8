/*
# A path template: real Cypher below, and above it what the question says (given), asks (answer) and how it is worded.
# `kgmine schema` shows what there is to match; `kgmine template lint|count|preview` checks this file as you write.
task: value
description: A number that the documents state about something.
given: [e.name, f.quantity, f.period, f.condition, f.scope]
answer: f.number
question:
  - "{{ f.quantity | ask(e.name) }}{{ f.condition | condition }}{{ f.period | period }}{{ f.scope | scope }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {document: 40, answer: 3}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.kind = 'number' AND f.role = 'data'
RETURN f, e
