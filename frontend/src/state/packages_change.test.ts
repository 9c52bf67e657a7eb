import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bodyText, type LocalServer, serveLocally } from "@/wire/local_server";

const WISH = { package: "scope-hello", editable: null, upgrade: false, pre: false };
const MADE = { success: true, message: "installed scope-hello 1.0", restart_required: false };
const PREVIEW = { package: null, changes: { added: [], changed: [], removed: [] }, held_back: [] };

/** The modules, loaded anew for each test, as a page does. */
let page: Awaited<ReturnType<typeof openPage>>;

async function openPage(url: string) {
  vi.resetModules();
  vi.stubEnv("VITE_API_URL", url);
  const changes = await import("@/state/packages_change");
  const plans = await import("@/state/packages_plan");
  const wishes = await import("@/state/packages_wish");
  return { ...changes, ...plans, ...wishes };
}

/** A server that answers as each test wants, and tells its followers what each test says. */
let server: LocalServer;
let installed: () => Promise<{ status: number; body: unknown } | "break off">;
let preview: { status: number; body: unknown };
let tell: (event: object) => void;
let followed: Promise<void>;
let asked: string[];

beforeEach(async () => {
  asked = [];
  installed = async () => ({ status: 200, body: MADE });
  preview = { status: 200, body: PREVIEW };
  let arrive = () => {};
  followed = new Promise((resolve) => {
    arrive = resolve;
  });
  server = await serveLocally(async (request, response) => {
    const path = request.url ?? "";
    asked.push(`${request.method} ${path} ${await bodyText(request)}`.trim());
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (path === "/nodes/events") {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      tell = (event) => response.write(`data: ${JSON.stringify(event)}\n\n`);
      tell({ type: "idle" });
      arrive();
    } else if (path === "/nodes/preview") send(preview.status, preview.body);
    else if (path === "/nodes/cancel") send(200, { cancelled: true, message: "cancelled" });
    else if (path === "/nodes" && request.method === "POST") {
      const answer = await installed();
      if (answer === "break off") response.destroy();
      else send(answer.status, answer.body);
    } else send(200, path.startsWith("/nodes") ? { nodes: [], failed: [], generation: 0, problem: "" } : []);
  });
  page = await openPage(server.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const event = (more: object) => ({ id: "1", verb: "install", package: "scope-hello", ...more });
const stepping = event({
  type: "step",
  step: "build",
  message: "building",
  fraction: 0.5,
  cancellable: true,
});
const changeNow = () => page.useChange.getState().change;

describe("an installation", () => {
  it("ends with what the server has made of it", async () => {
    expect(await page.install(WISH, "scope-hello")).toBe(true);
    expect(changeNow()).toMatchObject({ outcome: "succeeded", message: "installed scope-hello 1.0" });
  });

  it("is refused in the server's words, and can be tried again", async () => {
    const body = {
      detail: "does not fit",
      code: "dependency-conflict",
      culprits: ["numpy"],
      explanation: "uv",
    };
    installed = async () => ({ status: 409, body });
    expect(await page.install(WISH, "scope-hello")).toBe(false);
    expect(changeNow()?.problem).toMatchObject({ code: "dependency-conflict", culprits: ["numpy"] });
    installed = async () => ({ status: 200, body: MADE });
    page.useChange.getState().again?.();
    await vi.waitFor(() => expect(changeNow()?.outcome).toBe("succeeded"));
  });

  it("that was cancelled has changed nothing", async () => {
    const held = deferred<void>();
    installed = async () => {
      await held.promise;
      return { status: 409, body: { detail: "cancelled", code: "change-cancelled" } };
    };
    const installing = page.install(WISH, "scope-hello");
    expect(await page.cancel()).toBe(true);
    held.resolve();
    expect(await installing).toBe(false);
    expect(changeNow()?.outcome).toBe("cancelled");
  });

  it("is followed to its end when its answer gets lost", async () => {
    const held = deferred<"break off">();
    installed = () => held.promise;
    const installing = page.install(WISH, "scope-hello");
    await followed;
    tell(stepping);
    await vi.waitFor(() => expect(changeNow()?.step).toBe("build"));
    held.resolve("break off");
    setTimeout(() => tell(event({ type: "end", outcome: "succeeded", message: "done", problem: null })), 50);
    expect(await installing).toBe(true);
  });

  it("of which nothing was heard before the answer got lost has an unknown end", async () => {
    installed = async () => "break off";
    expect(await page.install(WISH, "scope-hello")).toBe(false);
    expect(changeNow()?.outcome).toBe("unknown");
  });
});

describe("what an installation would do", () => {
  it("is looked at without installing anything", async () => {
    await page.look(WISH);
    expect(page.usePlan.getState().plan).toMatchObject({ status: "known", preview: PREVIEW });
    expect(asked.filter((one) => one.startsWith("POST"))).toEqual([
      `POST /nodes/preview ${JSON.stringify(WISH)}`,
    ]);
  });

  it("may be told only by the package's own code", async () => {
    preview = { status: 422, body: { detail: "no metadata", code: "build-needed" } };
    await page.look(WISH);
    expect(page.usePlan.getState().plan?.status).toBe("unknown");
    expect(await page.carryOutPlan()).toBe(true);
  });

  it("that was refused cannot be carried out", async () => {
    preview = { status: 400, body: { detail: "no requirement", code: "bad-requirement" } };
    await page.look(WISH);
    expect(page.usePlan.getState().plan?.status).toBe("refused");
    expect(await page.carryOutPlan()).toBe(false);
    expect(asked.some((one) => one.startsWith("POST /nodes {"))).toBe(false);
  });

  it("is looked at for the next package that the user has asked for, and nothing is installed by itself", async () => {
    page.wish(["scope-hello", "scope-other"], "The workflow names it.", true);
    await page.look(WISH);
    await page.carryOutPlan();
    await vi.waitFor(() => expect(page.usePlan.getState().plan?.status).toBe("known"));
    expect(page.usePlan.getState().plan?.wish.package).toBe("scope-other");
    expect(asked.filter((one) => one.startsWith("POST /nodes {"))).toHaveLength(1);
  });
});

describe("wishes", () => {
  it("from links wait in the form, one after the other, and are not even looked at", async () => {
    page.wish(["a"], "A link asks for it.");
    page.wish(["b", "a"], "A link asks for it.");
    expect(page.useWishes.getState()).toMatchObject({ spec: "b", waiting: ["a"], asked: false });
    expect(page.usePlan.getState().plan).toBeNull();
    expect(asked).toEqual([]);
  });
});
