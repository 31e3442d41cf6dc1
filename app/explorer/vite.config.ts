import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Leaves a compressed copy beside each larger text file, so that the server need not compress at each request. */
function compressed(): Plugin {
  return {
    name: "compressed",
    // What lies on disk is what is served; earlier hooks still see code that other plugins are about to change.
    writeBundle({ dir = "dist" }, bundle) {
      for (const name of Object.keys(bundle).filter((each) => /\.(js|css)$/.test(each))) {
        const content = readFileSync(join(dir, name));
        if (content.length > 1024) writeFileSync(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

// Everything is its own file under /graphiql/assets: the page's policy allows no inline script, and hashed names may be
// cached for ever. `npm run dev` shows the page while it is worked on, in front of `make run`.
export default defineConfig({
  base: "/graphiql/",
  plugins: [compressed()],
  build: {
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 8000,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2022",
    rolldownOptions: {
      // Libraries mark their components "use client" for servers that render; here there is nothing to preserve.
      onLog(level, log, report) {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
  server: { proxy: { "/graphql": "http://127.0.0.1:8000" } },
});
