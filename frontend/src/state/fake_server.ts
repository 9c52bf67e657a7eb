/** A small server in memory that speaks the routes of the real one, over real HTTP, for tests of the state. */

import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Json, JsonObject } from "@/graph/workflow";
import type { RunEvent } from "@/state/run_state";
import { bodyText, type LocalServer, serveLocally } from "@/wire/local_server";
import type { Announcement, RunDescription } from "@/wire/shapes";

interface Stored {
  readonly text: string;
  readonly revision: string;
}

interface FakeRun {
  description: RunDescription;
  readonly events: RunEvent[];
  readonly watchers: Set<ServerResponse>;
  readonly request: JsonObject;
}

/** What a route answers. */
interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly etag?: string;
}

const ok = (body: unknown, etag?: string): Reply => ({ status: 200, body, ...(etag ? { etag } : {}) });
const problem = (status: number, detail: string, more: object = {}): Reply => ({
  status,
  body: { type: "about:blank", title: "", status, detail, code: "test", ...more },
});

export class FakeServer {
  readonly workflows = new Map<string, Stored>();
  readonly runs = new Map<string, FakeRun>();
  /** "METHOD path" of every request but the open streams'. */
  readonly asked: string[] = [];
  schemas: { name: string; ref: string }[] = [];
  diagnostics: (workflow: JsonObject) => readonly Json[] = () => [];
  /** "away" breaks every connection, "slow" holds every answer back until `release` is called. */
  mode: "up" | "away" | "slow" = "up";
  /** How many runs wait, those to be started included. */
  queueLength = 0;
  /** The next PUT is carried out, but its answer is lost. */
  losesAnswer = false;
  private held: (() => void)[] = [];
  private readonly listeners = new Set<ServerResponse>();
  private server: LocalServer | null = null;

  async open(): Promise<string> {
    this.server = await serveLocally((request, response) => this.handle(request, response));
    return this.server.url;
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  /** Breaks all connections, and every one that is made until `comeBack`. */
  goAway(): void {
    this.mode = "away";
    this.server?.cut();
  }

  comeBack(): void {
    this.mode = "up";
  }

  release(): void {
    this.mode = "up";
    for (const go of this.held.splice(0)) go();
  }

  /** What somebody else does to a file; `null` deletes it. */
  change(name: string, workflow: JsonObject | null): string | null {
    const stored = workflow && storedForm(workflow);
    if (stored) this.workflows.set(name, stored);
    else this.workflows.delete(name);
    this.announce({ type: "workflow", name, revision: stored?.revision ?? null });
    return stored?.revision ?? null;
  }

  /** What somebody else's editor makes of a file: something that is no workflow. */
  breakFile(name: string, text = "{ torn"): void {
    const revision = createHash("sha256").update(text).digest("hex");
    this.workflows.set(name, { text, revision });
    this.announce({ type: "workflow", name, revision });
  }

  workflow(name: string): JsonObject {
    return JSON.parse(this.workflows.get(name)?.text ?? "{}");
  }

  announce(announcement: Announcement): void {
    for (const listener of this.listeners) listener.write(`data: ${JSON.stringify(announcement)}\n\n`);
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  /** Events of a run, which go to whoever watches it. */
  tell(id: string, events: readonly RunEvent[]): void {
    const run = this.runs.get(id);
    if (!run) return;
    run.events.push(...events);
    const last = events.at(-1);
    if (last?.type === "run-finished") this.describe(id, { status: last.status as RunDescription["status"] });
    for (const watcher of run.watchers) {
      watcher.write(events.map(frame).join(""));
      if (last?.type === "run-finished") watcher.end();
    }
  }

  describe(id: string, change: Partial<RunDescription>): void {
    const run = this.runs.get(id);
    if (run) run.description = { ...run.description, ...change };
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.mode === "away") return void response.destroy();
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
    const path = pathname.split("/").filter(Boolean).map(decodeURIComponent);
    if (path[0] === "events") return this.listen(response);
    if (path[0] === "runs" && path[2] === "events") return this.watch(path[1] ?? "", request, response);
    this.asked.push(`${request.method} ${pathname}`);
    const text = await bodyText(request);
    if (this.mode === "slow") await new Promise<void>((go) => this.held.push(go));
    const reply = this.answer(request, path, text === "" ? {} : JSON.parse(text), searchParams);
    if (this.losesAnswer && request.method === "PUT") {
      this.losesAnswer = false;
      return void response.destroy();
    }
    const headers = { "Content-Type": "application/json", ...(reply.etag ? { ETag: reply.etag } : {}) };
    response.writeHead(reply.status, headers);
    response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
  }

  private answer(request: IncomingMessage, path: string[], body: JsonObject, query: URLSearchParams): Reply {
    const [first = "", name = "", verb = ""] = path;
    switch (first) {
      case "workflows":
        return name === "" ? ok(this.list()) : this.aboutWorkflow(request, name, verb, body);
      case "runs":
        return name === "" && request.method === "GET"
          ? ok(this.page(query))
          : this.aboutRun(name, verb, body);
      case "get_schema":
        return this.schema(request);
      case "validate":
        return ok({ ok: true, diagnostics: this.diagnostics(body) });
      case "catalog":
        return ok([]);
      case "secrets":
        return ok({ secrets: [] });
      default:
        return problem(404, "not found");
    }
  }

  private list(): unknown {
    const entries = [...this.workflows].map(([name, { revision, text }]) => ({
      name,
      revision,
      modified: "2026-01-01T00:00:00Z",
      nodes: 0,
      size: text.length,
      problem: "",
    }));
    return { workflows: entries };
  }

  private aboutWorkflow(request: IncomingMessage, name: string, verb: string, body: JsonObject): Reply {
    const stored = this.workflows.get(name);
    if (request.method === "PUT") return this.put(request, name, body);
    if (!stored) return problem(404, "there is no such workflow");
    if (request.method === "GET" && parsed(stored) === null) return problem(422, "it is no JSON");
    if (request.method === "GET") return ok(parsed(stored), `"${stored.revision}"`);
    const to = typeof body.to === "string" ? body.to : `${name} copy`;
    if (verb !== "" && this.workflows.has(to)) return problem(409, "there is one of that name");
    if (verb !== "") this.workflows.set(to, stored);
    if (verb !== "duplicate") {
      this.workflows.delete(name);
      this.announce({ type: "workflow", name, revision: null });
    }
    return ok({ name: to, revision: stored.revision });
  }

  private put(request: IncomingMessage, name: string, body: JsonObject): Reply {
    const stored = this.workflows.get(name);
    const base = request.headers["if-match"]?.replaceAll('"', "");
    if (base === undefined && request.headers["if-none-match"] !== "*")
      return problem(428, "a condition is needed");
    if (stored ? stored.revision !== base : base !== undefined) {
      const current = stored ? { revision: stored.revision, workflow: parsed(stored) } : null;
      return problem(409, "the workflow has changed", { current });
    }
    const revision = this.change(name, body);
    return ok({ name, revision });
  }

  private schema(request: IncomingMessage): Reply {
    const etag = `"${this.schemas.length}"`;
    return request.headers["if-none-match"] === etag ? { status: 304 } : ok(this.schemas, etag);
  }

  private page(query: URLSearchParams): unknown {
    const all = [...this.runs.values()].map(({ description }) => description).reverse();
    const after = all.findIndex(({ id }) => id === query.get("before")) + 1;
    return { runs: all.slice(after, after + Number(query.get("limit"))) };
  }

  private aboutRun(id: string, verb: string, body: JsonObject): Reply {
    if (id === "") return ok(this.startRun(body));
    const run = this.runs.get(id);
    if (run && verb === "cancel") this.tell(id, [finished(run.events.length, "cancelled")]);
    return run ? ok(run.description) : problem(404, "there is no such run");
  }

  private startRun(request: JsonObject): RunDescription {
    const description: RunDescription = {
      id: `run-${this.runs.size + 1}`,
      status: this.queueLength > 0 ? "queued" : "running",
      started_at: "2026-01-01T00:00:00Z",
      seconds: 0,
      nodes: 1,
      queue_position: this.queueLength,
      unlogged: "",
    };
    this.runs.set(description.id, { description, events: [], watchers: new Set(), request });
    return description;
  }

  private watch(id: string, request: IncomingMessage, response: ServerResponse): void {
    const run = this.runs.get(id);
    if (!run) return void response.writeHead(404).end("{}");
    const after = Number(request.headers["last-event-id"] ?? -1);
    const left = run.events.filter(({ seq }) => seq > after);
    const isOver = run.description.status !== "running" && run.description.status !== "queued";
    if (left.length === 0 && isOver) return void response.writeHead(204).end();
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(`: hello\n\n${left.map(frame).join("")}`);
    if (isOver) return void response.end();
    run.watchers.add(response);
    response.on("close", () => run.watchers.delete(response));
  }

  private listen(response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write('data: {"type":"hello","boot_id":"boot"}\n\n');
    this.listeners.add(response);
    response.on("close", () => this.listeners.delete(response));
  }
}

export function finished(seq: number, status: string): RunEvent {
  return { seq, at: 0, node: null, type: "run-finished", status, seconds: 1, error: "" };
}

function frame(event: RunEvent): string {
  return `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** `null` for a file that is no JSON. */
function parsed({ text }: Stored): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Like the real one, it sorts the keys of what it stores. */
function storedForm(workflow: JsonObject): Stored {
  const text = JSON.stringify(sorted(workflow));
  return { text, revision: createHash("sha256").update(text).digest("hex") };
}

function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
