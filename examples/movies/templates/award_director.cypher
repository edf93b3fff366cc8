/*
task: bridge
description: Who directed the film that won an award at one ceremony (two hops, one of them claimed with its year).
given: [a.name, w.year]
answer: p.name
question:
  - "Who directed the film that won the {{ a.name }} at the ceremony of {{ w.year }}?"
*/
MATCH (p:Person)-[:DIRECTED]->(m:Movie)-[w:WON]->(a:Award)
RETURN p, m, w, a
