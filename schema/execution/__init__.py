"""Execution at the speed of SQL: a selection becomes a plan, a plan runs one select a relation, level by level.

                      { students(first: 50) { nodes { fullName grades { score subject { name } } } } }

    operation  all root fields planned? ── no ──► executor: graphql-core, with plans below what functions resolve
                   │ yes
    build          │                     selection → plan:
                   │        PagePlan nodes → ObjectPlan(Student: first_name, last_name, id)
                   │                              └ Child grades → ObjectPlan(Grade: score, subject_id)
                   │                                                └ Child subject → ObjectPlan(Subject: name)
    run            │     SELECT … FROM student … LIMIT 51                                50 rows
                   │     SELECT … FROM grade WHERE student_id = ANY(50 keys) …        1,500 rows
                   │     SELECT … FROM subject WHERE id = ANY(12 keys)                   12 rows
    emit, spell    │     rows of each level → dicts or text, by one comprehension written for the selection
                   ▼
        dicts or text ── orjson ── the response

operation  What is remembered of an operation with its document: its plans, and how its variables are coerced.
plan       What a plan is made of: ObjectPlan, PagePlan, Child, Leaf. No value of a request and no viewer is in it.
build      Selection → plan. graphql-core collects the fields, so fragments, directives and merging are the standard's.
           A field says by `schema.reads` what it reads; one that says nothing is a function, and its selection is
           left to graphql-core (NotPlanned).
root_names Which root fields an operation names, in fragments too, before its variables are known.
roots      Which root fields are planned: lists, records and pages, and what a function makes that can be told whole.
emit       Writes the comprehension that turns a level's rows into dicts, and says where each column stands.
spell      The same where PostgreSQL joins a level's values into one text of JSON (`resolvers.texts`): lists at the
           root, read forwards, whose rows are asked for as nodes and need nothing that Python has to make.
texts      Such levels: what was made of a level's children is put between the texts of its rows. Where a value has a
           sign that stands for a quotation mark, the rows are read once more, as rows.
arguments  The arguments of a field in each run.
templates  What is learnt of them: later runs put other values into what was made once.
levels     Runs a plan breadth-first on the operation's one connection: the rows of a level, then each relation once
           for the level's distinct keys. A row that several parents share is made once.
run        The root fields, each by its plan.
steps      Sends what a run asks for: small statements in one message, and a large one while dicts are made of the last.
outlines   What a run will ask for below its root, kept with the plan, so that it can be asked for at once.
ahead      One record: all that hangs below it in one statement with the record, the keys of one select taken from the
           rows of another (`resolvers.composing`).
whole      The same of lists as text, where they are not long.
pages      A page's rows as the connection that was selected of them.
chunks     Lists that are JSON already, and long flat ones, read from a cursor and encoded as they come.
cache      Plans by the nodes of the document and the variables that @skip and @include read.
kept       Whatever is remembered of an operation is bounded by this.
told       Objects that a resolver made, such as the cells of a report: all of a list at once, column by column, where
           it selects nothing but values that they have, rows that they name, and lists of such objects.
executor   graphql-core's executor, which tries a plan wherever a resolver gave rows, and carries mutations out whole.
repeats    A mutation done once more where the database gave way to others.

What a plan cannot do is left to graphql-core. Where anything goes wrong in a query (a null where none may be, a
refused argument, a fault of the database), the query is executed again without plans, in the same snapshot, and that
answer counts: a plan composes no error and hides none. It takes the database's word for what NOT NULL and CHECK keep
out. There the same batches stand behind data loaders, so that way is free of N+1 too. Nothing is run again after a
time-out, a cancel or the loss of the connection, and a mutation never.

Scope, filters, order and limits are the batches' own (`resolvers.batches.Shape`): both ways of execution select the
same rows, but that a plan, which knows that a level's parents were shown to the viewer, does not ask again what that
proves of the keys (`resolvers.access.proven`); texts are joined about the same select. `tests/execution` compares the
answers byte for byte on generated operations, `tests/access` for every role.
"""
