// @vitest-environment node
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type LocalServer, serveLocally } from "@/wire/local_server";
import { events, type StreamOptions, StreamRefused } from "@/wire/sse";

let server: LocalServer | null = null;
afterEach(async () => server?.close());

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Answers one request after the other; the last answer is given again and again. */
async function answering(...answers: Answer[]) {
  const asked: (string | undefined)[] = [];
  server = await serveLocally((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(request.headers["last-event-id"]?.toString());
    answer?.(response, request);
  });
  return { url: server.url, asked };
}

const begin = (response: ServerResponse) => response.writeHead(200, { "Content-Type": "text/event-stream" });
const send = (response: ServerResponse, ...ids: number[]) =>
  response.write(ids.map((id) => `id: ${id}\ndata: ${JSON.stringify({ id })}\n\n`).join(""));
const nothingMore: Answer = (response) => response.writeHead(204).end();
const breaksAfter =
  (...ids: number[]): Answer =>
  (response) => {
    begin(response);
    response.write(ids.map((id) => `id: ${id}\ndata: {"id":${id}}\n\n`).join(""), () =>
      // Half of the next event goes out before the connection breaks.
      response.write('id: 99\ndata: {"id"', () => response.destroy()),
    );
  };

async function collect(url: string, options: Partial<StreamOptions> = {}) {
  const ids: string[] = [];
  const signal = new AbortController().signal;
  for await (const { id } of events(url, { signal, firstDelay: 5, ...options })) ids.push(id ?? "");
  return ids;
}

describe("a stream of server-sent events", () => {
  it("gives every event until the server says that there are no more", async () => {
    const whole: Answer = (response) => {
      begin(response);
      send(response, 0, 1, 2);
      response.end();
    };
    const { url, asked } = await answering(whole, nothingMore);
    expect(await collect(url)).toEqual(["0", "1", "2"]);
    expect(asked).toEqual([undefined, "2"]);
  });

  it("goes on after the last whole event when the connection breaks, as often as it does", async () => {
    const { url, asked } = await answering(
      breaksAfter(0, 1),
      breaksAfter(),
      breaksAfter(2),
      breaksAfter(3, 4),
      nothingMore,
    );
    const heard: boolean[] = [];
    expect(await collect(url, { onConnection: (connected) => heard.push(connected) })).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
    ]);
    expect(asked).toEqual([undefined, "1", "1", "2", "4"]);
    expect(heard).toEqual([true, false, true, false, true, false, true, false]);
  });

  it("begins after what is known already", async () => {
    const { url, asked } = await answering(nothingMore);
    expect(await collect(url, { after: "7" })).toEqual([]);
    expect(asked).toEqual(["7"]);
  });

  it("tries again when the server is busy or failing, but not when it refuses", async () => {
    const { url, asked } = await answering(
      (response) => response.writeHead(503).end(),
      (response) => response.writeHead(429).end(),
      (response) => response.writeHead(404).end("{}"),
    );
    await expect(collect(url)).rejects.toThrow(StreamRefused);
    expect(asked).toHaveLength(3);
  });

  it("makes a silent connection again", async () => {
    const silent: Answer = (response) => {
      begin(response);
      send(response, 0);
    };
    const { url, asked } = await answering(silent, nothingMore);
    expect(await collect(url, { longestSilence: 60 })).toEqual(["0"]);
    expect(asked).toEqual([undefined, "0"]);
  });

  it("is kept open by heartbeats", async () => {
    const beating: Answer = (response) => {
      begin(response);
      send(response, 0);
      const timer = setInterval(() => response.write(": heartbeat\n\n"), 20);
      setTimeout(() => {
        clearInterval(timer);
        send(response, 1);
        response.end();
      }, 200);
    };
    const { url, asked } = await answering(beating, nothingMore);
    expect(await collect(url, { longestSilence: 100 })).toEqual(["0", "1"]);
    expect(asked).toHaveLength(2);
  });

  it("reads characters and events that arrive in pieces", async () => {
    const bytes = Buffer.from('id: 1\ndata: {"text":"Größe 🎉"}\n\n');
    const piecemeal: Answer = async (response) => {
      begin(response);
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        await new Promise((next) => setImmediate(next));
      }
      response.end();
    };
    const { url } = await answering(piecemeal, nothingMore);
    const found: string[] = [];
    const signal = new AbortController().signal;
    for await (const { data } of events(url, { signal, firstDelay: 1 })) found.push(data);
    expect(found).toEqual(['{"text":"Größe 🎉"}']);
  });

  it.each(["while it waits for events", "while it waits to try again"])(
    "ends at once when it is aborted %s",
    async (when) => {
      const { url } = await answering(
        when.includes("again") ? (response) => response.writeHead(500).end() : begin,
      );
      const aborting = new AbortController();
      const collecting = collect(url, { signal: aborting.signal, firstDelay: 10_000 });
      setTimeout(() => aborting.abort(new Error("enough")), 80);
      await expect(collecting).rejects.toThrow("enough");
    },
  );
});
