/** For tests: values as the server sends them, and a server that has the rest of them. */

import { cleanup, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, vi } from "vitest";
import type { DisplaySize } from "@/displays/display_props";
import previews from "@/displays/previews.json";
import { ValueDisplay } from "@/displays/registry";
import type { Json } from "@/graph/workflow";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** What the server really sends, made by fixtures/make_previews.py. */
export const SENT: Readonly<Record<string, Json>> = previews;

export function showValue(value: Json, size: DisplaySize = "panel", href?: string) {
  const user = userEvent.setup();
  return { user, ...render(<ValueDisplay value={value} size={size} {...(href ? { href } : {})} />) };
}

/** Answers requests for values. Returns the addresses that were asked for, without their beginning. */
export function serveValues(answer: (path: string, query: URLSearchParams) => Json | Response): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    const { pathname, search, searchParams } = new URL(address);
    asked.push(`${pathname.replace(/^\/api/, "")}${search}`);
    const found = answer(pathname.replace(/^\/api/, ""), searchParams);
    return found instanceof Response ? found : new Response(JSON.stringify(found));
  });
  return asked;
}
