/**
 * Tabs, history and settings of GraphiQL, kept for this browser tab alone: variables and queries name pupils, and school
 * computers are shared. A workspace belongs to one person, and is cleared before another one's begins.
 */

import type { GraphiQLProps } from "graphiql";

const PREFIX = "graphiql:";
const OWNER = "schoolgraph:owner";
let closed = false;

function keys(): string[] {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function clear(): void {
  for (const key of keys()) sessionStorage.removeItem(key);
}

export const workspaceStorage: NonNullable<GraphiQLProps["storage"]> = {
  getItem: (key: string) => sessionStorage.getItem(key),
  setItem: (key: string, value: string) => {
    if (!closed) sessionStorage.setItem(key, value);
  },
  removeItem: (key: string) => sessionStorage.removeItem(key),
  clear,
  get length() {
    return keys().length;
  },
};

/** Claims the workspace for a person; false where it was another one's. */
export function claim(person: string): boolean {
  const owner = sessionStorage.getItem(OWNER);
  sessionStorage.setItem(OWNER, person);
  return owner === null || owner === person;
}

export function release(): void {
  sessionStorage.removeItem(OWNER);
}

/** Forgets everything, also what is only in memory: answers, undo steps, writes that GraphiQL has put off. */
export function startAfresh(): void {
  closed = true;
  clear();
  window.location.reload();
}
