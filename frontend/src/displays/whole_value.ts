/** The whole of a value of which only a preview came: fetched when it is asked for. */

import { useCallback, useEffect, useRef, useState } from "react";
import { isObject, type Json } from "@/graph/workflow";
import { Away, apiUrl, Problem, wordsFor } from "@/wire/client";

const GONE = new Set([404, 410]);

/** Throws an Error whose message is for the user. */
export async function fetchValue(
  href: string,
  page?: { readonly start: number; readonly count: number },
  signal?: AbortSignal,
): Promise<Json> {
  const query = page ? `?start=${page.start}&count=${page.count}` : "";
  try {
    return await requested(apiUrl(`${href}${query}`), signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Problem && GONE.has(error.status)) {
      throw new Error("This value is no longer kept. Run the workflow again to see all of it.", {
        cause: error,
      });
    }
    throw new Error(wordsFor(error), { cause: error });
  }
}

/** The address comes with an event, so no route's type fits it; and a large value may take its time. */
async function requested(address: string, signal: AbortSignal | undefined): Promise<Json> {
  let response: Response;
  let body: Json;
  try {
    response = await fetch(address, { signal: signal ?? null, cache: "no-store" });
    body = (await response.json()) as Json;
  } catch (error) {
    throw new Away(error);
  }
  if (!response.ok) throw new Problem(response.status, isObject(body) ? body : {});
  return body;
}

export type Whole =
  | { readonly status: "idle" | "loading" }
  | { readonly status: "ready"; readonly value: Json }
  | { readonly status: "failed"; readonly message: string };

export interface WholeValue {
  readonly whole: Whole;
  load(): void;
}

/** Loads the value behind `href` when told, or at once. Another `href` begins anew. */
export function useWhole(href: string | undefined, atOnce = false): WholeValue {
  const [state, setState] = useState<{ href: string | undefined; whole: Whole }>({
    href,
    whole: { status: "idle" },
  });
  const running = useRef<AbortController | null>(null);
  const load = useCallback(() => {
    if (!href) return;
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    const settle = (whole: Whole) => !control.signal.aborted && setState({ href, whole });
    settle({ status: "loading" });
    fetchValue(href, undefined, control.signal).then(
      (value) => settle({ status: "ready", value }),
      (error: unknown) => settle({ status: "failed", message: wordsFor(error) }),
    );
  }, [href]);
  useEffect(() => {
    if (atOnce) load();
    return () => running.current?.abort();
  }, [atOnce, load]);
  return { whole: state.href === href ? state.whole : { status: "idle" }, load };
}
