/*
task: list
description: The films that are based on an author's books.
given: [p.name]
derive:
  rows:
    r: MATCH (p)-[:WROTE]->(b:Book)<-[:BASED_ON]-(x:Movie) RETURN x.id AS id, x.title AS title
  sql: SELECT title, id FROM r
answer_type: set
closed: graph
question:
  - "Which films {{ closed }} are based on books by {{ p.name }}?"
*/
MATCH (p:Person)
WHERE EXISTS { MATCH (p)-[:WROTE]->(:Book) }
RETURN p
