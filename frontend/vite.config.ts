/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.PSYNAPSE_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  // Relative addresses: the server answers at the root and under /api, a proxy perhaps elsewhere.
  base: "./",
  plugins: [react()],
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
