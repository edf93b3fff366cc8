/*
task: character
description: Whom an actor plays; the answer is a property of the relationship.
given: [p.name, m.title, m.year]
answer: r.roles
question:
  - "Which character does {{ p.name }} play in the film “{{ m.title }}” ({{ m.year }})?"
  - "Who is the character of {{ p.name }} in the {{ m.year }} film “{{ m.title }}”?"
*/
MATCH (p:Person)-[r:ACTED_IN]->(m:Movie)
WHERE size(r.roles) = 1
RETURN p, r, m
