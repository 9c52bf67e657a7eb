// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Handler, type LocalServer, serveLocally } from "@/wire/local_server";

let server: LocalServer;
let handler: Handler;

beforeEach(async () => {
  vi.resetModules();
  server = await serveLocally((request, response) => handler(request, response));
  vi.stubEnv("VITE_API_URL", server.url);
});

afterEach(async () => {
  await server.close();
  vi.unstubAllEnvs();
});

const routes = () => import("@/wire/routes");
const client = () => import("@/wire/client");

function answers(status: number, body: string, headers: Record<string, string> = {}): void {
  handler = (_, response) => void response.writeHead(status, headers).end(body);
}

describe("a request", () => {
  it("gives what the server sent", async () => {
    handler = (request, response) => {
      response.writeHead(200, { ETag: 'W/"abc"' }).end(JSON.stringify({ at: request.url }));
    };
    const { getWorkflow } = await routes();
    expect(await getWorkflow("a/b ü?")).toEqual({
      revision: "abc",
      workflow: { at: "/workflows/a%2Fb%20%C3%BC%3F" },
    });
  });

  it("says what it replaces, as JSON", async () => {
    const seen: unknown[] = [];
    handler = (request, response) => {
      const { "if-match": match, "if-none-match": none, "content-type": type } = request.headers;
      seen.push([request.method, match, none, type]);
      response.writeHead(200).end('{"name":"w","revision":"2"}');
    };
    const { putWorkflow } = await routes();
    expect(await putWorkflow("w", { nodes: [] }, "1")).toEqual({ name: "w", revision: "2" });
    await putWorkflow("w", { nodes: [] }, null);
    expect(seen).toEqual([
      ["PUT", '"1"', undefined, "application/json"],
      ["PUT", undefined, "*", "application/json"],
    ]);
  });

  it("that is refused throws a Problem, in whole sentences", async () => {
    answers(409, JSON.stringify({ detail: "the name is taken", code: "taken", hint: "choose another one" }));
    const { postRename } = await routes();
    const { wordsFor } = await client();
    const error = await postRename("a", "b").catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "Error", status: 409, code: "taken", hint: "Choose another one." });
    expect(wordsFor(error)).toBe("The name is taken. Choose another one.");
  });

  it.each([
    ["is not there", () => server.cut()],
    ["breaks the connection", () => undefined],
    ["is busy", () => answers(503, '{"detail":"no worker"}')],
    ["is behind a proxy that cannot reach it", () => answers(502, "<html>")],
    ["is not what answers", () => answers(200, "<html>log in</html>")],
    ["breaks off", () => answers(200, '{"half', { "Content-Length": "100" })],
  ])("throws Away when the server %s", async (_, make) => {
    handler = (__, response) => void response.destroy();
    make();
    const { getRun } = await routes();
    const { Away } = await client();
    const breaking = setTimeout(() => server.cut(), 100);
    await expect(getRun("x")).rejects.toThrow(Away);
    clearTimeout(breaking);
  });

  it("that is aborted throws the reason", async () => {
    handler = () => undefined;
    const { getRun } = await routes();
    const aborting = new AbortController();
    const asking = getRun("x", aborting.signal);
    setTimeout(() => aborting.abort(new Error("enough")), 30);
    await expect(asking).rejects.toThrow("enough");
  });

  it("for what is known already transfers nothing", async () => {
    handler = (request, response) => {
      const isKnown = request.headers["if-none-match"] === '"1"';
      response.writeHead(isKnown ? 304 : 200, { ETag: '"1"' }).end(isKnown ? undefined : "[]");
    };
    const { getSchemas } = await routes();
    const signal = new AbortController().signal;
    expect(await getSchemas(null, signal)).toEqual({ schemas: [], etag: "1" });
    expect(await getSchemas("1", signal)).toBeNull();
  });
});

describe("addresses", () => {
  it("are below that of the page, unless the server is elsewhere", async () => {
    const { apiUrl } = await client();
    vi.stubEnv("VITE_API_URL", "https://elsewhere.test/psynapse");
    expect(apiUrl("/runs/1/values/a/result")).toBe("https://elsewhere.test/psynapse/runs/1/values/a/result");
    vi.stubEnv("VITE_API_URL", "");
    expect(apiUrl("events")).toBe("http://localhost/api/events");
  });
});
