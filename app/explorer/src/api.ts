/** The page's ways to the API: signing in and out, and the fetch that GraphiQL's requests pass through. */

import type { Session } from "./session";

export const ENDPOINT = "/graphql";

const LOGIN = `mutation Login($input: LoginInput!) {
  login(input: $input) { token expiresAt user { id username } errors { code field message } }
}`;

const LOGOUT = "mutation Logout { logout { ended } }";
// Milliseconds that signing out waits for the server.
const PATIENCE = 3000;

export interface Credentials {
  readonly institution: string;
  readonly username: string;
  readonly password: string;
}

interface UserError {
  readonly message: string;
}

interface LoginAnswer {
  readonly data?: {
    readonly login: {
      readonly token: string | null;
      readonly user: { readonly username: string | null } | null;
      readonly errors: readonly UserError[];
    } | null;
  } | null;
  readonly errors?: readonly UserError[];
}

/** A session, or an Error whose message can be shown as it is. */
export async function login(input: Credentials): Promise<Session> {
  const response = await send(ENDPOINT, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json, application/json;q=0.9" },
    body: JSON.stringify({ query: LOGIN, operationName: "Login", variables: { input } }),
  });
  const answer = (await response.json()) as LoginAnswer;
  const payload = answer.data?.login;
  if (payload?.token) {
    return { token: payload.token, institution: input.institution, username: payload.user?.username ?? input.username };
  }
  const errors = [...(answer.errors ?? []), ...(payload?.errors ?? [])];
  throw new Error(errors.map((error) => error.message).join(" ") || "The server gave no token and no reason.");
}

/** Ends a session on the server; where that cannot be told in time, the session ends by itself when it is not used. */
export async function logout(token: string): Promise<void> {
  await fetch(ENDPOINT, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: LOGOUT, operationName: "Logout" }),
    keepalive: true,
    signal: AbortSignal.timeout(PATIENCE),
  }).catch((cause: unknown) => console.warn("The server was not told of the sign-out.", cause));
}

/** A fetch that signs each request; `onRefused` is told where the server does not accept the session, or asks for one. */
export function signedFetch(session: Session | null, onRefused: () => void): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const written = headers.has("authorization");
    if (session && !written) headers.set("authorization", `Bearer ${session.token}`);
    const response = await send(input, { ...init, headers });
    if (!written && (await isUnauthenticated(response))) onRefused();
    return response;
  };
}

async function isUnauthenticated(response: Response): Promise<boolean> {
  if (response.status === 401) return true;
  if (!contentType(response).includes("json")) return false;
  const answer = (await response.clone().json()) as { errors?: { extensions?: { code?: string } }[] };
  return (answer.errors ?? []).some((error) => error.extensions?.code === "UNAUTHENTICATED");
}

async function send(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, cache: "no-store" }).catch((cause: unknown) => {
    throw new Error("The server cannot be reached. Is it still running?", { cause });
  });
  if (!/json|multipart\/mixed|event-stream/.test(contentType(response))) {
    throw new Error(`The server answered ${response.status} ${response.statusText}, which is not a GraphQL answer.`);
  }
  return response;
}

function contentType(response: Response): string {
  return response.headers.get("content-type") ?? "";
}
