import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { Kind, parse } from "graphql";
import { useState } from "react";

import { type Example, questions } from "./examples";
import { fillPlaces, hasPlaces } from "./samples";
import { loadSession } from "./session";

interface Opener {
  readonly open: (example: Example) => Promise<void>;
  /** Whether the editors are there; they load after the page. */
  readonly ready: boolean;
  readonly failure: string;
}

/** Opens an example in a tab of its own and gives it the keyboard, so that Ctrl+Enter runs it. */
function useOpener(): Opener {
  const { addTab, setOperationFacts } = useGraphiQLActions();
  const fetcher = useGraphiQL((state) => state.fetcher);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const [failure, setFailure] = useState("");

  async function variablesOf(example: Example): Promise<string> {
    setFailure("");
    if (loadSession() === null || !hasPlaces(example.variables)) return example.variables;
    try {
      return await fillPlaces(example.variables, fetcher);
    } catch (error) {
      setFailure(`The variables could not be filled in. ${error instanceof Error ? error.message : String(error)}`);
      return example.variables;
    }
  }

  async function open(example: Example): Promise<void> {
    if (!queryEditor || !variableEditor) return;
    const variables = await variablesOf(example);
    addTab();
    queryEditor.setValue(example.query);
    variableEditor.setValue(variables === "{}" ? "" : variables);
    // GraphiQL reads the query a moment after it changed; run before that, it would go by the name of the tab before.
    setOperationFacts(operationFacts(example.query));
    queryEditor.focus();
  }

  return { open, ready: Boolean(queryEditor && variableEditor), failure };
}

function operationFacts(query: string) {
  const documentAST = parse(query);
  const operations = documentAST.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const operationName = operations[0]?.name?.value;
  return { documentAST, operations, ...(operationName ? { operationName } : {}) };
}

function ExamplesPanel() {
  const { open, ready, failure } = useOpener();
  return (
    <section className="examples" aria-label="Examples">
      <h2>Examples</h2>
      <p>Each opens in a new tab. Signed in, its variables are filled with ids of your school.</p>
      <p role="alert">{failure}</p>
      <ol>
        {questions.map((question) => (
          <li key={question.number}>
            <h3>{question.text}</h3>
            <ul>
              {question.examples.map((example) => (
                <li key={example.title}>
                  <button type="button" disabled={!ready} onClick={() => void open(example)}>
                    {example.title}
                  </button>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M4 5h2M4 12h2M4 19h2M9 5h11M9 12h11M9 19h11" strokeLinecap="round" />
    </svg>
  );
}

export const EXAMPLES_PLUGIN: GraphiQLPlugin = { title: "Examples", icon: ExamplesIcon, content: ExamplesPanel };
