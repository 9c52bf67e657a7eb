/** Something of the server's that is loaded when it is first looked at, kept up to date, and asked for again and again while the server is away. */

import { useSyncExternalStore } from "react";
import { createStore, type StoreApi } from "zustand/vanilla";
import { Away, wordsFor } from "@/wire/client";
import { backoff } from "@/wire/waiting";

export interface Loaded<Value> {
  /** The last one that arrived. */
  readonly value: Value;
  readonly status: "loading" | "ready" | "away";
  /** When the server is asked again, in milliseconds since 1970, while it is away. */
  readonly retryAt: number | null;
  /** Why it is not there, in words, or nothing. */
  readonly problem: string;
}

const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 30_000;

export class Resource<Value> {
  readonly store: StoreApi<Loaded<Value>>;
  private readonly load: (known: Value, signal: AbortSignal) => Promise<Value>;
  private loading: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isUsed = false;
  private latest: Promise<void> = Promise.resolve();

  constructor(empty: Value, load: (known: Value, signal: AbortSignal) => Promise<Value>) {
    this.load = load;
    this.store = createStore(() => ({ value: empty, status: "loading", retryAt: null, problem: "" }));
  }

  /** Resolves when the latest answer has come, or its failure is known; an earlier request is given up. */
  readonly refresh = (): Promise<void> => {
    this.isUsed = true;
    this.stop();
    const loading = new AbortController();
    this.loading = loading;
    const mine: Promise<void> = this.fetch(loading).then(() => {
      return this.latest === mine ? undefined : this.latest;
    });
    this.latest = mine;
    return mine;
  };

  private async fetch(loading: AbortController): Promise<void> {
    try {
      const value = await this.load(this.store.getState().value, loading.signal);
      if (loading.signal.aborted) return;
      this.failures = 0;
      this.store.setState({ value, status: "ready", retryAt: null, problem: "" });
    } catch (error) {
      if (!loading.signal.aborted) this.failed(error);
    }
  }

  /** Loads again if anybody has looked at it. */
  refreshIfUsed(): void {
    if (this.isUsed) void this.refresh();
  }

  /** Gives up what is under way. */
  stop(): void {
    clearTimeout(this.timer);
    this.loading?.abort();
    this.loading = null;
  }

  /** For components: the first one to look has it loaded. */
  readonly use = (): Loaded<Value> => useSyncExternalStore(this.subscribe, this.store.getState);

  private readonly subscribe = (listener: () => void): (() => void) => {
    if (!this.isUsed) void this.refresh();
    return this.store.subscribe(listener);
  };

  private failed(error: unknown): void {
    const delay =
      error instanceof Away ? backoff(this.failures++, FIRST_RETRY, LONGEST_RETRY) : LONGEST_RETRY;
    this.timer = setTimeout(() => void this.refresh(), delay);
    this.store.setState({ status: "away", retryAt: Date.now() + delay, problem: wordsFor(error) });
  }
}
