"""Tables as facts see them: roles, header paths, units, shape, and the noun phrases of rows and columns.

matrix      the grid as rows and columns of cells
cell        what one cell says: number, date, text, missing, mark
scale       `In millions, except per-share amounts`: unit, power of ten, exceptions
header      header rows, spanning headers, header paths
rows        row roles, groups, totals, and whether totals add up
measure     names of measures, which end is better, what adds up
phrase      labels to noun phrases
shape       statement, entities, results, form, or a reason why none
"""
