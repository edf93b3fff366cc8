/*
task: bridge_text
description: An accident is told by one figure of the report's form, asked is the probable cause, which stands in the text.
given: [e.kind, d.kind, f.quantity, f.text, f.condition, g.quantity]
answer: g.text
question:
  - "In one {{ e.kind | case(d.kind) }} on file, the {{ f.quantity | inside(d.kind) }}{{ f.condition | condition }} was {{ f.text | spoken }}. What was the {{ g.quantity | phrase }}?"
  - "What was the {{ g.quantity | phrase }} in the {{ e.kind | case(d.kind) }} for which {{ f.text | spoken }} is on file as the {{ f.quantity | inside(d.kind) }}{{ f.condition | condition }}?"
strata: [document, f.quantity]
limit_per: {document: 6}
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion), (e)<-[:SUBJECT]-(g:Assertion)
WHERE g.quantity = 'probable cause of the accident'
  AND f.quantity IN ['age of the pilot', 'total flight time of the pilot', 'length of the runway in the accident',
    'certified maximum gross weight', 'elevation of the airport in the accident']
RETURN d, e, f, g
