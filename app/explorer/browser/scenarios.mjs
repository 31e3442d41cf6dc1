/** What must hold on the explorer's page, each in a browser of its own, on a real server with a school that has marks. */

import assert from "node:assert/strict";

import { alert, editorTexts, expectSignedIn, field, fillIn, KEY, openExample, ready, run, signIn, stored } from "./page.mjs";

function graphqlRequests(page) {
  const seen = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/graphql")) seen.push({ body: request.postDataJSON(), headers: request.headers() });
  });
  return seen;
}

/** What the server answers to whoever still has a token. */
function statusWith(page, token) {
  return page.evaluate(async (secret) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${secret}` };
    const accept = { accept: "application/graphql-response+json" };
    const body = JSON.stringify({ query: "{ me { id } }" });
    return (await fetch("/graphql", { method: "POST", headers: { ...headers, ...accept }, body })).status;
  }, token);
}

export const scenarios = {
  "anybody reads the schema and its documentation": async (page) => {
    const requests = graphqlRequests(page);
    await ready(page);
    const answer = await run(page);
    const names = answer.data.__schema.queryType.fields.map((each) => each.name);
    assert.ok(names.includes("students"), `no students in ${names}`);
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    await page.getByRole("link", { name: "Query" }).or(page.getByText("Query", { exact: true })).first().click();
    await page.getByText("students", { exact: true }).first().waitFor();
    assert.ok(requests.every((request) => !("authorization" in request.headers)));
  },

  "what needs a user leads to the form": async (page) => {
    await ready(page);
    await openExample(page, "The whole configuration of the school");
    const answer = await run(page);
    assert.equal(answer.errors[0].extensions.code, "UNAUTHENTICATED");
    await alert(page).filter({ hasText: "needs a signed-in user" }).waitFor();
    assert.ok(await field(page, "Institution code").evaluate((input) => input === document.activeElement));
  },

  "a wrong password is refused": async (page, site) => {
    await fillIn(page, site, `${site.password}-not`);
    await page.keyboard.press("Enter");
    await alert(page).filter({ hasText: /\w+/ }).waitFor();
    assert.ok(await field(page, "Password").evaluate((input) => input === document.activeElement));
    assert.equal(await field(page, "Username or e-mail").inputValue(), site.username);
    assert.ok(!(KEY in (await stored(page)).session));
  },

  "the keyboard signs in, and every request is signed": async (page, site) => {
    await ready(page);
    await page.keyboard.press("Tab");
    for (const text of [site.institution, site.username, site.password]) {
      await page.keyboard.type(text);
      await page.keyboard.press("Tab");
    }
    const requests = graphqlRequests(page);
    await page.keyboard.press("Enter");
    await expectSignedIn(page, site);
    await openExample(page, "The whole configuration of the school");
    const answer = await run(page);
    assert.equal(answer.data.me.username, site.username);

    const { session, local } = await stored(page);
    const { token } = JSON.parse(session[KEY]);
    const [login, ...later] = requests;
    assert.equal(login.body.operationName, "Login");
    assert.ok(later.some((request) => request.body.operationName === "IntrospectionQuery"));
    for (const request of later) assert.equal(request.headers.authorization, `Bearer ${token}`);
    assert.deepEqual(local, {});
    assert.ok(!page.url().includes(token));
  },

  "a session outlives a reload of its tab": async (page, site) => {
    await signIn(page, site);
    await page.reload();
    await expectSignedIn(page, site);
    await ready(page);
    await openExample(page, "The whole configuration of the school");
    assert.equal((await run(page)).data.me.username, site.username);
  },

  "every example answers without an error": async (page, site) => {
    await ready(page);
    await signIn(page, site);
    const titles = await page.getByRole("region", { name: "Examples" }).getByRole("button").allInnerTexts();
    assert.ok(titles.length >= 10, `only ${titles.length} examples`);
    for (const title of titles) {
      const { variables } = await openExample(page, title);
      assert.ok(!variables.includes("<"), `${title} was left with ${variables}`);
      const answer = await run(page);
      assert.equal(answer.errors, undefined, `${title}: ${JSON.stringify(answer.errors)}`);
      for (const [name, value] of Object.entries(answer.data)) assert.notEqual(value, null, `${title}: ${name} is null`);
    }
  },

  "a session that the server refuses leads back to the form": async (page, site) => {
    await ready(page);
    await signIn(page, site);
    await openExample(page, "The whole configuration of the school");
    await page.waitForFunction(() => sessionStorage["graphiql:tabState"]?.includes("currentSchoolYear"));
    await page.evaluate((key) => {
      const session = JSON.parse(sessionStorage[key]);
      sessionStorage[key] = JSON.stringify({ ...session, token: session.token.replace(/.{8}$/, "00000000") });
    }, KEY);
    await page.reload();
    await alert(page).filter({ hasText: "session has ended" }).waitFor();
    assert.ok(!(KEY in (await stored(page)).session));
    assert.match((await editorTexts(page)).query, /currentSchoolYear/);
    await signIn(page, site);
    assert.equal((await run(page)).data.me.username, site.username);
  },

  "signing out leaves nothing behind": async (page, site) => {
    await ready(page);
    await signIn(page, site);
    await openExample(page, "The whole configuration of the school");
    await run(page);
    await page.waitForFunction(() => sessionStorage["graphiql:tabState"]?.includes("currentSchoolYear"));
    const { token } = JSON.parse((await stored(page)).session[KEY]);
    assert.equal(await statusWith(page, token), 200);
    await page.getByRole("button", { name: "Sign out" }).click();
    await field(page, "Password").waitFor();
    await ready(page);
    assert.equal(await statusWith(page, token), 401);
    const { session, local } = await stored(page);
    assert.ok(!JSON.stringify(session).includes("currentSchoolYear"), JSON.stringify(session));
    assert.ok(!(KEY in session));
    assert.deepEqual(local, {});
    const texts = await editorTexts(page);
    assert.ok(!texts.query.includes("currentSchoolYear"));
    assert.equal(texts.response, "");
  },

  "the next person finds an empty workspace": async (page, site) => {
    await ready(page);
    await page.evaluate(() => sessionStorage.setItem("schoolgraph:owner", "ELSEWHERE/somebody"));
    await openExample(page, "The whole configuration of the school");
    await signIn(page, site);
    await page.getByRole("tab").nth(1).waitFor({ state: "detached" });
    await expectSignedIn(page, site);
    assert.ok(!(await editorTexts(page)).query.includes("currentSchoolYear"));
  },

  "a server out of reach is said plainly": async (page) => {
    await ready(page);
    await page.route("**/graphql", (route) => route.abort("connectionrefused"));
    await page.getByRole("button", { name: "Execute query" }).click();
    await page.waitForFunction(() =>
      globalThis.__MONACO.editor.getModels().some((model) => model.getValue().includes("server cannot be reached")),
    );
  },
};
