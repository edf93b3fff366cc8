"""An evaluation: outputs of a model on held-out questions, their grades, and what the figures say.

about       what was evaluated and how, as the folder keeps it
statistics  intervals, pass@k, paired tests
outputs     one row per attempt; a run that is killed goes on
summary     figures overall and by group
pairing     each evaluation against the first, paired by question
compare     two or more evaluations of the same questions
report      report.md; plots: PNG

Notation
    n     questions with at least one attempt that came back (missing ones have none)
    m, c  attempts of a question that came back, and how many of them are correct
    k     attempts that were asked for

Accuracy is the mean of c / m over n questions. What the model left empty or could not read for length counts as not
correct; what the transport lost does not count at all.
"""
