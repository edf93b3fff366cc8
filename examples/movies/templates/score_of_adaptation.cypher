/*
task: bridge
description: Who wrote the score of the film that was made of an author's book (three hops).
given: [a.name, m.year]
answer: c.name
question:
  - "Who composed the score of the film of {{ m.year }} that is based on a book by {{ a.name }}?"
*/
MATCH (a:Person)-[:WROTE]->(b:Book)<-[:BASED_ON]-(m:Movie)<-[:COMPOSED]-(c:Person)
RETURN a, b, m, c
