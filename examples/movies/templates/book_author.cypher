/*
task: bridge
description: Who wrote the book behind a film (two hops).
given: [m.title]
answer: a.name
question:
  - "Who wrote the book on which the film “{{ m.title }}” is based?"
  - "The film “{{ m.title }}” is based on a book. Who is its author?"
*/
MATCH (m:Movie)-[:BASED_ON]->(b:Book)<-[:WROTE]-(a:Person)
RETURN m, b, a
