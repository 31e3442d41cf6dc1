"""A query's answer as a table: rows and columns in place of objects in objects.

    shape      which columns a selection has, and which of its lists are the rows
    walking    the same query, made to be read part by part
    cells      an answer → rows of cells

The columns are the selected values, named by the path of response names from the root field down. A list below the
rows is refused, unless it is said what is to become of it: see `shape.Lists`.
"""
