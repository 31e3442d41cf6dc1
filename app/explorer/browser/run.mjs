/**
 * Runs scenarios of scenarios.mjs in a headless Chromium against a server that is already up.
 *
 *     node run.mjs --list
 *     CHROMIUM=/usr/bin/chromium SITE='{"url","institution","username","password"}' node run.mjs "<scenario>"
 *
 * Exit status 0: the scenario held, and the page neither asked another origin for anything, nor broke its own policy, nor
 * threw an error.
 */

import assert from "node:assert/strict";
import process from "node:process";

import { chromium } from "playwright-core";

import { scenarios } from "./scenarios.mjs";

// Without these, Chromium asks its maker's servers for updates and lists of its own.
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Gathers whatever the page must not do. */
function watch(context, page, origin) {
  const wrongs = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.origin !== origin) wrongs.push(`asked ${request.url()}`);
  });
  page.on("pageerror", (error) => wrongs.push(`threw ${error.stack || `${error.name}: ${error.message}`}`));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) wrongs.push(`broke its policy: ${message.text()}`);
  });
  return wrongs;
}

async function run(name, site) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: QUIET });
  try {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const wrongs = watch(context, page, new URL(site.url).origin);
    await page.goto(new URL("/graphiql", site.url).href);
    await scenarios[name](page, site);
    assert.deepEqual(wrongs, []);
  } finally {
    await browser.close();
  }
}

const [name] = process.argv.slice(2);
if (name === "--list") {
  console.log(JSON.stringify(Object.keys(scenarios)));
} else {
  assert.ok(Object.hasOwn(scenarios, name), `there is no scenario "${name}"`);
  await run(name, JSON.parse(process.env.SITE));
}
