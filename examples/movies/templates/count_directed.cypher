/*
task: count
description: How many films a person directed.
given: [p.name]
derive:
  rows:
    r: MATCH (p)-[:DIRECTED]->(x:Movie) RETURN x.title AS title
  sql: SELECT count(*) FROM r
answer_type: count
closed: graph
question:
  - "How many of the films {{ closed }} did {{ p.name }} direct?"
  - "How many films {{ closed }} were directed by {{ p.name }}?"
*/
MATCH (p:Person)
WHERE EXISTS { MATCH (p)-[:DIRECTED]->(:Movie) }
RETURN p
