/*
task: intersection
description: The one film in which two actors both have a leading part.
given: [a.name, b.name]
answer: m.title
question:
  - "In which film do both {{ a.name }} and {{ b.name }} act?"
  - "Which film has both {{ a.name }} and {{ b.name }} among its leading actors?"
*/
MATCH (a:Person)-[:ACTED_IN]->(m:Movie)<-[:ACTED_IN]-(b:Person)
WHERE a.name < b.name
RETURN a, m, b
