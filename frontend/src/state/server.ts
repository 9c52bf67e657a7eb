/** Whether the server is there, and what it announces to everybody. */

import { create } from "zustand";
import { isObject } from "@/graph/workflow";
import { serverEventsUrl } from "@/wire/routes";
import type { Announcement } from "@/wire/shapes";
import { events, StreamRefused } from "@/wire/sse";
import { backoff, pause } from "@/wire/waiting";

export interface ServerState {
  readonly status: "connecting" | "connected" | "away";
  /** A new one means that the server was restarted. */
  readonly bootId: string | null;
}

/** What one page tells the others. */
type Relayed =
  | { readonly kind: "announcement"; readonly announcement: Announcement }
  | { readonly kind: "status"; readonly connected: boolean }
  | { readonly kind: "newcomer" }
  | { readonly kind: "hurry" };

const CHANNEL = "psynapse-server-events";
const LOCK = "psynapse-server-events";
const FIRST_DELAY = 5_000;
const LONGEST_DELAY = 60_000;

export const useServer = create<ServerState>()(() => ({ status: "connecting", bootId: null }));

const listeners = new Set<(announcement: Announcement) => void>();

/** Hears announcements. The first after each connection is "hello": what came before was missed. */
export function onAnnouncement(listener: (announcement: Announcement) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Keeps the connection. One page does it for all: a browser has but six connections to a server, and each page
 * would take one for good. Returns what ends it.
 */
export function connectToServer(): () => void {
  const ending = new AbortController();
  const channel = new BroadcastChannel(CHANNEL);
  ask = (relayed) => channel.postMessage(relayed);
  channel.onmessage = ({ data }: MessageEvent<Relayed>) => receive(data, channel);
  channel.postMessage({ kind: "newcomer" } satisfies Relayed);
  const listen = () => listenToServer(channel, ending.signal);
  const work = navigator.locks ? navigator.locks.request(LOCK, { signal: ending.signal }, listen) : listen();
  work.catch(() => undefined);
  return () => {
    ending.abort();
    ask = () => undefined;
    channel.close();
  };
}

let isLeader = false;
let hurry = new AbortController();
let ask: (relayed: Relayed) => void = () => undefined;

/** Tries to reach the server now instead of at the next attempt; a connection that stands is left alone. */
export function reconnect(): void {
  if (!isLeader) ask({ kind: "hurry" });
  else if (useServer.getState().status !== "connected") hurry.abort();
}

async function listenToServer(channel: BroadcastChannel, signal: AbortSignal): Promise<void> {
  const tell = (relayed: Relayed) => {
    receive(relayed, channel);
    if (!signal.aborted) channel.postMessage(relayed);
  };
  const onConnection = (connected: boolean) => tell({ kind: "status", connected });
  isLeader = true;
  try {
    for (let failures = 0; ; failures += 1) {
      hurry = new AbortController();
      const until = AbortSignal.any([signal, hurry.signal]);
      try {
        for await (const { data } of events(serverEventsUrl(), { signal: until, onConnection })) {
          const announcement = parsed(data);
          if (announcement) tell({ kind: "announcement", announcement });
        }
        onConnection(false);
        await pause(backoff(failures, FIRST_DELAY, LONGEST_DELAY), until);
      } catch (error) {
        signal.throwIfAborted();
        if (hurry.signal.aborted) continue;
        // Refused, by a server that is older or wants a token: perhaps not for ever.
        if (!(error instanceof StreamRefused)) throw error;
        onConnection(false);
        await pause(backoff(failures, FIRST_DELAY, LONGEST_DELAY), signal);
      }
    }
  } finally {
    isLeader = false;
  }
}

function receive(relayed: Relayed, channel: BroadcastChannel): void {
  if (relayed.kind === "status") {
    useServer.setState({ status: relayed.connected ? "connected" : "away" });
  } else if (relayed.kind === "announcement") hear(relayed.announcement);
  else if (relayed.kind === "hurry") isLeader && reconnect();
  else if (isLeader) introduce(channel);
}

/** Tells a new page what it would have heard at the beginning. */
function introduce(channel: BroadcastChannel): void {
  const { status, bootId } = useServer.getState();
  const tell = (relayed: Relayed) => channel.postMessage(relayed);
  if (status !== "connecting") tell({ kind: "status", connected: status === "connected" });
  if (bootId !== null) tell({ kind: "announcement", announcement: { type: "hello", boot_id: bootId } });
}

function hear(announcement: Announcement): void {
  if (announcement.type === "hello") {
    useServer.setState({ status: "connected", bootId: announcement.boot_id });
  }
  for (const listener of [...listeners]) listener(announcement);
}

function parsed(data: string): Announcement | null {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) && typeof value.type === "string" ? (value as unknown as Announcement) : null;
  } catch {
    return null;
  }
}
