/** What the scenarios do on the page, by the names that a person, or a screen reader, finds its parts under. */

import assert from "node:assert/strict";

export const KEY = "schoolgraph:session";

export const field = (page, label) => page.getByRole("form", { name: "Sign in" }).getByLabel(label);
export const alert = (page) => page.getByRole("form", { name: "Sign in" }).getByRole("alert");

export async function fillIn(page, site, password = site.password) {
  await field(page, "Institution code").fill(site.institution);
  await field(page, "Username or e-mail").fill(site.username);
  await field(page, "Password").fill(password);
}

export async function signIn(page, site) {
  await fillIn(page, site);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectSignedIn(page, site);
}

export async function expectSignedIn(page, site) {
  await page.getByRole("status").filter({ hasText: `Signed in as ${site.username} of ${site.institution}` }).waitFor();
}

/** Waits until the editors, which load after the page, are there and empty of an answer. */
export async function ready(page) {
  await page.locator(".graphiql-response .monaco-editor").waitFor();
  await page.getByRole("region", { name: "Examples" }).getByRole("button", { disabled: false }).first().waitFor();
}

/** The texts of the page's query and variables editors, and of the answer. */
export function editorTexts(page) {
  return page.evaluate(() => {
    const text = (name) =>
      globalThis.__MONACO.editor
        .getModels()
        .filter((model) => model.uri.path.endsWith(name) && model.isAttachedToEditor())
        .map((model) => model.getValue())
        .join("");
    return { query: text("operation.graphql"), variables: text("variables.json"), response: text("response.json") };
  });
}

/** Opens an example and waits until its query stands in the editor. */
export async function openExample(page, title) {
  const tabs = await page.getByRole("tab").count();
  await page.getByRole("region", { name: "Examples" }).getByRole("button", { name: title, exact: true }).click();
  await page.getByRole("tab").nth(tabs).waitFor();
  const texts = await editorTexts(page);
  assert.match(texts.query.split("\n")[0], new RegExp(`^# \\d+\\. `));
  assert.ok(texts.query.includes(title), `${title} opened ${texts.query}`);
  return texts;
}

/** Runs what stands in the editor, and gives the answer as GraphiQL shows it. */
export async function run(page) {
  const answered = page.waitForResponse((response) => response.url().endsWith("/graphql"));
  await page.getByRole("button", { name: "Execute query" }).click();
  await answered;
  await page.waitForFunction(() => {
    const models = globalThis.__MONACO.editor.getModels();
    return models.some((model) => model.uri.path.endsWith("response.json") && model.getValue() !== "");
  });
  return JSON.parse((await editorTexts(page)).response);
}

export function stored(page) {
  return page.evaluate(() => ({ session: { ...sessionStorage }, local: { ...localStorage } }));
}
