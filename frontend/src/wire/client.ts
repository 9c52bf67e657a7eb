/** Requests to the server, and the two ways in which they fail: it says no, or it is not there. */

import createClient from "openapi-fetch";
import { isObject, type JsonObject } from "@/graph/workflow";
import type { paths } from "@/wire/schema";

/** The server said no, and why. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  /** The whole answer. */
  readonly body: JsonObject;

  constructor(status: number, body: JsonObject) {
    super(sentence(typeof body.detail === "string" ? body.detail : `the server answered ${status}`));
    this.status = status;
    this.code = typeof body.code === "string" ? body.code : "";
    this.hint = typeof body.hint === "string" ? sentence(body.hint) : "";
    this.body = body;
  }
}

/** The server cannot be reached, or cannot answer now: it is worth trying again. */
export class Away extends Error {
  constructor(cause?: unknown) {
    super("The server cannot be reached.", { cause });
  }
}

const LONGEST_WAIT = 60_000;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;
/** What proxies, and a server that ends, answer. */
const AWAY = new Set([429, 502, 503, 504]);

/** The address of a route, or of a value that an event links to. */
export function apiUrl(path: string): string {
  const base: string = import.meta.env.VITE_API_URL || "./api/";
  const folder = base.endsWith("/") ? base : `${base}/`;
  return new URL(path.replace(/^\/+/, ""), new URL(folder, pageAddress())).href;
}

/** Every request throws Problem and Away, and its signal's reason when it is aborted. */
export const api = createClient<paths>({ baseUrl: apiUrl(""), fetch: reach });

/** What came, of an answer that has something. */
export function contentOf<Content>({ data }: { readonly data?: Content }): Content {
  if (data === undefined) throw new Away("the answer was empty");
  return data;
}

/** The revision of what was sent, without its quotation marks. */
export function revisionOf(response: Response): string | null {
  const tag = response.headers.get("etag");
  return tag === null ? null : tag.replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
}

/** An ETag as the server wants to see it again. */
export function quoted(revision: string): string {
  return `"${revision}"`;
}

/** Words for the user about anything that was thrown. */
export function wordsFor(error: unknown): string {
  if (error instanceof Problem) return [error.message, error.hint].filter((part) => part !== "").join(" ");
  return error instanceof Error ? error.message : String(error);
}

function reach(request: Request): Promise<Response> {
  return reachUntil(request, AbortSignal.any([request.signal, AbortSignal.timeout(LONGEST_WAIT)]));
}

/** For requests that take as long as a download does: only the connection's end ends them. */
export function reachPatiently(request: Request): Promise<Response> {
  return reachUntil(request, request.signal);
}

async function reachUntil(request: Request, signal: AbortSignal): Promise<Response> {
  try {
    const response = await fetch(request, { signal, cache: "no-store" });
    // Read to its end: an answer that breaks off is none.
    const text = await response.text();
    return checked(response, text);
  } catch (error) {
    request.signal.throwIfAborted();
    throw error instanceof Problem || error instanceof Away ? error : new Away(error);
  }
}

function checked({ status, ok, headers }: Response, text: string): Response {
  const body = json(text);
  if (AWAY.has(status)) throw new Away(text);
  if (!ok && status !== NOT_MODIFIED) throw new Problem(status, isObject(body) ? body : {});
  // A proxy's page instead of the server's answer.
  if (text !== "" && body === undefined) throw new Away(text);
  return text === ""
    ? new Response(null, { status: NO_CONTENT, headers })
    : new Response(text, { status, headers });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function pageAddress(): string {
  return typeof document === "undefined" ? "http://localhost/" : document.baseURI;
}

function sentence(text: string): string {
  const full = text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
  return full.charAt(0).toUpperCase() + full.slice(1);
}
