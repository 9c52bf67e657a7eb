import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type LocalServer, serveLocally } from "@/wire/local_server";

const QUICK = { firstDelay: 1, patience: 400 };

/** The modules, loaded anew for each test, as a page does. */
let page: Awaited<ReturnType<typeof openPage>>;

async function openPage(url: string) {
  vi.resetModules();
  vi.stubEnv("VITE_API_URL", url);
  return { ...(await import("@/app/restart")), ...(await import("@/state/server")) };
}

/** What the server answers: its boot id, or nothing at all. */
let boot: string | null;
let onRestart: () => { status: number; body: object };
let server: LocalServer;
let looks: number;

beforeEach(async () => {
  boot = "first";
  looks = 0;
  onRestart = () => ({ status: 200, body: { message: "the server starts again" } });
  server = await serveLocally((request, response) => {
    const path = request.url ?? "";
    const isRestart = path === "/restart";
    if (!isRestart) looks += 1;
    const answer = isRestart ? onRestart() : { status: 200, body: { status: "healthy", boot_id: boot } };
    if (boot === null) return void response.destroy();
    response.writeHead(answer.status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer.body));
  });
  page = await openPage(server.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const news = () => page.useServerNews.getState().news;

describe("a restart", () => {
  it("is over when another server answers", async () => {
    onRestart = () => {
      boot = null;
      setTimeout(() => {
        boot = "second";
      }, 60);
      return { status: 200, body: {} };
    };
    const restarting = page.restart(QUICK);
    await vi.waitFor(() => expect(news()).toBe("restarting"));
    expect(await restarting).toBe(true);
    expect(news()).toBe("restarted");
  });

  it("looks less and less often", async () => {
    expect(await page.restart(QUICK)).toBe(false);
    // One look before, then after 1, 3, 7 … milliseconds.
    expect(looks).toBeLessThan(13);
    expect(looks).toBeGreaterThan(3);
  });

  it("that nothing comes of is said to be lost", async () => {
    onRestart = () => {
      boot = null;
      return { status: 200, body: {} };
    };
    expect(await page.restart(QUICK)).toBe(false);
    expect(news()).toBe("lost");
  });

  it("that the server refuses changes nothing", async () => {
    onRestart = () => ({ status: 409, body: { detail: "it cannot restart itself" } });
    expect(await page.restart(QUICK)).toBe(false);
    expect(news()).toBe("none");
  });
});

describe("news of the server", () => {
  it("are that it has gone, once that lasts, and that it is back, for a while", () => {
    vi.useFakeTimers();
    const stop = page.followServer();
    page.useServer.setState({ status: "connected" });
    page.useServer.setState({ status: "away" });
    expect(news()).toBe("none");
    vi.advanceTimersByTime(2_000);
    expect(news()).toBe("away");
    page.useServer.setState({ status: "connected" });
    expect(news()).toBe("back");
    vi.advanceTimersByTime(6_000);
    expect(news()).toBe("none");
    stop();
    vi.useRealTimers();
  });

  it("are none when the connection is back at once", () => {
    vi.useFakeTimers();
    const stop = page.followServer();
    page.useServer.setState({ status: "connected" });
    page.useServer.setState({ status: "away" });
    vi.advanceTimersByTime(500);
    page.useServer.setState({ status: "connected" });
    vi.advanceTimersByTime(5_000);
    expect(news()).toBe("none");
    stop();
    vi.useRealTimers();
  });
});
