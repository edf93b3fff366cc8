/*
task: negation
description: The films of a director that won nothing (a set without another).
given: [p.name]
derive:
  rows:
    r: >-
      MATCH (p)-[:DIRECTED]->(x:Movie) WHERE NOT EXISTS { MATCH (x)-[:WON]->(:Award) }
      RETURN x.id AS id, x.title AS title
  sql: SELECT title, id FROM r
answer_type: set
closed: graph
question:
  - "For which of the films that {{ p.name }} directed is no Academy Award {{ closed }}?"
*/
MATCH (p:Person)
WHERE EXISTS { MATCH (p)-[:DIRECTED]->(:Movie)-[:WON]->(:Award) }
RETURN p
