/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.PSYNAPSE_URL ?? "http://127.0.0.1:8000";

/** What draws plots is as large as all the rest, and few workflows have plots. */
const NOT_FOR_ALL = /drawing_\w+-/;

/** Lists in the page the files that it does not load at first; see src/ui/code_there.ts. */
const listOfCode: Plugin = {
  name: "list-of-code",
  transformIndexHtml: {
    order: "post",
    handler: (html, { bundle }) => {
      const later = Object.keys(bundle ?? {}).filter(
        (name) => /\.(js|css)$/.test(name) && !html.includes(name) && !NOT_FOR_ALL.test(name),
      );
      return [
        {
          tag: "script",
          attrs: { type: "application/json", id: "code" },
          children: JSON.stringify(later.sort()),
          injectTo: "head",
        },
      ];
    },
  },
};

export default defineConfig({
  // Relative addresses: the server answers at the root and under /api, a proxy perhaps elsewhere.
  base: "./",
  plugins: [react(), listOfCode],
  resolve: { alias: { "@": folder("./src") } },
  build: {
    outDir: folder("../src/psynapse/web"),
    emptyOutDir: true,
    chunkSizeWarningLimit: 1000,
  },
  // In development the page talks to /api of its own origin, so the server opens itself to nobody.
  server: { proxy: { "/api": { target: server, rewrite: (path) => path.replace(/^\/api/, "") } } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/setup_tests.ts"],
    restoreMocks: true,
  },
});
