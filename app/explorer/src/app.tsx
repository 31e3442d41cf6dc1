import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { useCallback, useMemo, useState } from "react";

import { Account } from "./account";
import { ENDPOINT, logout, signedFetch } from "./api";
import { EXAMPLES_PLUGIN } from "./examples_panel";
import { loadSession, saveSession, type Session } from "./session";
import { claim, release, startAfresh, workspaceStorage } from "./workspace";

const PLUGINS = [EXAMPLES_PLUGIN, HISTORY_PLUGIN];

const WELCOME = `# Open an example on the left.
# The book has every type.
#
# Ctrl+Space  completes
# Ctrl+Enter  runs
# Ctrl+M      frees the Tab key

query Entrances {
  __schema {
    queryType {
      fields { name description }
    }
  }
}
`;

const EXPIRED = "Your session has ended. Sign in again; your queries are still here.";
const NEEDED = "This query needs a signed-in user.";

export function App() {
  const [session, setSession] = useState(loadSession);
  const [notice, setNotice] = useState("");

  const signIn = useCallback((next: Session) => {
    saveSession(next);
    if (!claim(`${next.institution}/${next.username}`)) return startAfresh();
    setNotice("");
    setSession(next);
  }, []);

  const signOut = useCallback(() => {
    const token = loadSession()?.token;
    saveSession(null);
    release();
    // Whether or not the server could be told: nobody may be kept signed in by a broken network.
    if (token) void logout(token).finally(startAfresh);
    else startAfresh();
  }, []);

  // A new fetcher makes GraphiQL read the schema again, so each session sees the schema as the server shows it to them.
  const fetcher = useMemo(() => {
    const onRefused = () => {
      if (loadSession()?.token !== session?.token) return;
      setNotice(session === null ? NEEDED : EXPIRED);
      saveSession(null);
      setSession(null);
    };
    return createGraphiQLFetcher({ url: ENDPOINT, fetch: signedFetch(session, onRefused) });
  }, [session]);

  return (
    <>
      <header className="bar">
        <h1>schoolgraph</h1>
        <Account session={session} notice={notice} onSignIn={signIn} onSignOut={signOut} />
      </header>
      <main>
        <GraphiQL
          fetcher={fetcher}
          plugins={PLUGINS}
          visiblePlugin={EXAMPLES_PLUGIN.title}
          storage={workspaceStorage}
          defaultQuery={WELCOME}
          defaultEditorToolsVisibility="variables"
          inputValueDeprecation
          schemaDescription
          showPersistHeadersSettings={false}
        >
          <GraphiQL.Logo>
            <></>
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}
