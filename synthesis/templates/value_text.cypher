/*
task: value_text
description: What a form or a table says of its subject in words.
given: [e.name, f.quantity, f.condition, f.period, f.scope]
answer: f.text
question:
  - "{{ f.quantity | ask(e.name) }}{{ f.condition | condition }}{{ f.period | period }}{{ f.scope | scope }}?"
  - "{{ f.quantity | ask(e.name) }}{{ f.condition | condition }}{{ f.scope | scope }}{{ f.period | period }}?"
strata: [document, answer]
limit_per: {document: 40, answer: 3}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.kind IN ['text', 'entity'] AND f.role = 'data' AND f.shape IN ['entities', 'form', 'results', 'sentence'] AND size(f.text) > 1
  AND NOT f.quantity CONTAINS 'cause' AND NOT f.quantity STARTS WITH 'finding' AND NOT f.quantity STARTS WITH 'conclusion'
  AND toLower(f.quantity) <> toLower(e.kind)
RETURN f, e
