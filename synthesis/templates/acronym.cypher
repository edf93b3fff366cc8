/*
task: definition
description: What an acronym stands for in a document.
given: [e.name, f.scope]
answer: f.text
answer_type: text
question:
  - "What does {{ e.name | term }} stand for{{ f.scope | scope }}?"
  - "What is {{ e.name | term }} short for{{ f.scope | scope }}?"
strata: [document]
limit_per: {document: 3}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.shape = 'definition' AND f.subject_kind = 'acronym'
RETURN f, e
