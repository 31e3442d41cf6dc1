"""/export: a query's list or report as a file: CSV, JSON lines or a workbook.

    asking      an HTTP request → what is to be exported, and how
    endpoint    the route: who asks, errors, limits, and the file on its way to the client
    walk        the rows, part by part, in one snapshot
    forms       values as the school writes them; words has those that depend on the language
    texts       CSV and JSON lines, which are sent as they come
    workbook    XLSX, which is made in a file of its own first
    gate        how many exports run at once

What the rows are is said in `schema.tables`. Filters, order, rows, columns and redactions are those of the query, which
is carried out as any other; only how many rows are asked for at once is the walk's.

A file is complete or it is not had: whatever fails before its first byte is answered as an error. What fails later
breaks the response off, so that a client knows it for an error of the transport: the last chunk never comes. Clients of
HTTP/1.0, to whom the end of the connection is the end of the file, get a file that was made as a whole before.
"""
