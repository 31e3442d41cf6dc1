/** Who is signed in. Kept for this browser tab alone, so that closing the tab leaves no key to the school behind. */

export interface Session {
  readonly token: string;
  readonly institution: string;
  readonly username: string;
}

const KEY = "schoolgraph:session";

export function loadSession(): Session | null {
  const text = sessionStorage.getItem(KEY);
  return text === null ? null : (JSON.parse(text) as Session);
}

export function saveSession(session: Session | null): void {
  if (session === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(session));
}
