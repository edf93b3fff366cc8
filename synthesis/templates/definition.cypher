/*
task: definition
description: What a term means in a document, where a sentence defines it.
given: [e.name, f.scope]
answer: f.text
answer_type: text
question:
  - "What is meant by {{ e.name | term }}{{ f.scope | scope }}?"
  - "How is {{ e.name | term }} defined{{ f.scope | scope }}?"
  - "What does {{ e.name | term }} mean{{ f.scope | scope }}?"
strata: [document]
limit_per: {document: 15}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)
WHERE f.shape = 'definition' AND f.subject_kind <> 'acronym'
RETURN f, e
