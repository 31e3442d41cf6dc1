"""Reports to be handed out: report cards, an overview of a class, an attendance sheet; as HTML, PDF or CSV.

questions.graphql   what is asked of the schema, as the viewer: every figure is one that a field gives
cards, overview,    the answers → a Document: what stands on which sheet, in which words
  attendance_sheet
parts               what a Document is made of
pdf, html, csv      a Document → a file; nothing else knows of either format
words/*.toml        the texts, a table for each language; another language is another file
"""
