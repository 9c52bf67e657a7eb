/** Server-sent events over fetch: with the page's own headers, cancellable, and resumed where they broke off. */

import { createParser } from "eventsource-parser";
import { backoff, pause } from "@/wire/waiting";

export interface ServerEvent {
  /** The event's number as the server sent it, or nothing. */
  readonly id: string | undefined;
  readonly data: string;
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** The last event already known; later ones are asked for. */
  readonly after?: string;
  /** Hears when the connection is lost and when it is back. */
  readonly onConnection?: (connected: boolean) => void;
  /** Milliseconds before the first new attempt; each later one waits twice as long, 10 s at most. */
  readonly firstDelay?: number;
  /** Milliseconds without a byte after which the connection counts as lost; the server sends heartbeats. */
  readonly longestSilence?: number;
}

/** The server refused the stream: trying again would change nothing. */
export class StreamRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The server answered ${status}.`);
    this.status = status;
  }
}

const FIRST_DELAY = 250;
const LONGEST_DELAY = 10_000;
const LONGEST_SILENCE = 35_000;
const NO_CONTENT = 204;
const FIRST_SERVER_ERROR = 500;
const TOO_MANY = 429;

/**
 * The events of a stream until the server says that there are no more. A lost connection is made again, after the
 * last event that arrived. Throws StreamRefused, and the signal's reason when it is aborted.
 */
export async function* events(url: string, options: StreamOptions): AsyncGenerator<ServerEvent> {
  let after = options.after;
  let failures = 0;
  while (true) {
    const watch = new Watch(options);
    try {
      const response = await connect(url, after, watch.signal);
      if (response.status === NO_CONTENT || !response.body) return;
      options.onConnection?.(true);
      for await (const event of read(response.body, watch)) {
        failures = 0;
        after = event.id ?? after;
        yield event;
      }
    } catch (error) {
      options.signal.throwIfAborted();
      if (error instanceof StreamRefused) throw error;
    } finally {
      watch.end();
    }
    options.onConnection?.(false);
    await pause(backoff(failures++, options.firstDelay ?? FIRST_DELAY, LONGEST_DELAY), options.signal);
  }
}

/** Ends a connection on which nothing comes any more: after a sleep of the computer no error would tell. */
class Watch {
  private readonly silence = new AbortController();
  private readonly longest: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  readonly signal: AbortSignal;

  constructor({ signal, longestSilence = LONGEST_SILENCE }: StreamOptions) {
    this.longest = longestSilence;
    this.signal = AbortSignal.any([signal, this.silence.signal]);
    this.heard();
  }

  heard(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.silence.abort(), this.longest);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

async function connect(url: string, after: string | undefined, signal: AbortSignal): Promise<Response> {
  const headers = { Accept: "text/event-stream", ...(after === undefined ? {} : { "Last-Event-ID": after }) };
  const response = await fetch(url, { headers, signal });
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status >= FIRST_SERVER_ERROR || response.status === TOO_MANY) {
    throw new Error(`The server answered ${response.status}.`);
  }
  throw new StreamRefused(response.status);
}

async function* read(body: ReadableStream<Uint8Array>, watch: Watch): AsyncGenerator<ServerEvent> {
  const waiting: ServerEvent[] = [];
  const parser = createParser({ onEvent: ({ id, data }) => waiting.push({ id, data }) });
  const text = new TextDecoder();
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      watch.heard();
      parser.feed(text.decode(part.value, { stream: true }));
      yield* waiting.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
