// Runs the audits of graphql-http against the address given, and prints one JSON object a line: { id, name, status, reason }.
import { serverAudits } from "graphql-http";

const url = process.argv[2];
if (!url) {
  console.error("usage: node audit.mjs URL");
  process.exit(2);
}

// Queries by GET are only served with a header that makes browsers ask first.
const fetchFn = (target, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set("graphql-require-preflight", "1");
  return fetch(target, { ...init, headers });
};

for (const audit of serverAudits({ url, fetchFn })) {
  const result = await audit.fn();
  const { id, name, status } = result;
  console.log(JSON.stringify({ id, name, status, reason: result.reason ?? null }));
}
