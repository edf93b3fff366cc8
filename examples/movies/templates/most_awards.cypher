/*
task: superlative
description: Which film of a genre won most awards; a tie is no question.
given: [g.name]
derive:
  rows:
    r: >-
      MATCH (x:Movie)-[:IN_GENRE]->(g), (x)-[:WON]->(a:Award)
      RETURN x.id AS id, x.title AS title, a.name AS award
  sql: SELECT title, id FROM r GROUP BY id ORDER BY count(*) DESC LIMIT 1
closed: graph
question:
  - "Which {{ g.name | lower }} film won the most of the Academy Awards {{ closed }}?"
  - "Of all {{ g.name | lower }} films, which one won the most of the Academy Awards {{ closed }}?"
*/
MATCH (g:Genre)
RETURN g
