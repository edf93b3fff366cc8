/*
task: comparison
description: Which of two films of one director is longer; equal lengths are a tie and no question.
given: [a.title, a.year, b.title, b.year]
derive:
  sql: >-
    SELECT title FROM (SELECT title, runtime FROM a UNION ALL SELECT title, runtime FROM b)
    ORDER BY runtime DESC LIMIT 1
question:
  - "Which film is longer: “{{ a.title }}” ({{ a.year }}) or “{{ b.title }}” ({{ b.year }})?"
*/
MATCH (a:Movie)<-[:DIRECTED]-(:Person)-[:DIRECTED]->(b:Movie)
WHERE a.id < b.id AND a.runtime <> b.runtime
RETURN a, b
