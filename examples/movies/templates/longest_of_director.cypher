/*
task: superlative
description: The longest of a director's films. A film without a runtime might be it, so such a director gets no question.
given: [p.name]
derive:
  rows:
    r: MATCH (p)-[:DIRECTED]->(x:Movie) RETURN x.title AS title, x.runtime AS runtime
  sql: SELECT title FROM r ORDER BY runtime DESC LIMIT 1
closed: graph
question:
  - "Which of the films {{ closed }} that {{ p.name }} directed is the longest?"
  - "What is the longest film {{ closed }} that {{ p.name }} directed?"
*/
MATCH (p:Person)
WHERE EXISTS { MATCH (p)-[:DIRECTED]->(:Movie) }
RETURN p
