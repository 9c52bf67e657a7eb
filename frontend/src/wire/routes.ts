/** Every request that the editor makes. Each throws Problem and Away. */

import type { Schema } from "@/graph/catalog";
import { isObject, type Json, type JsonObject } from "@/graph/workflow";
import { api, apiUrl, contentOf, Problem, quoted, revisionOf } from "@/wire/client";
import type {
  CacheUse,
  Diagnostic,
  LoadFailure,
  NamedRevision,
  Revised,
  RunDescription,
  SecretInfo,
  TemplateInfo,
  WorkflowInfo,
} from "@/wire/shapes";

const CONFLICT = 409;
const MISSING = 404;
const UNREADABLE = 422;
const NO_CONTENT = 204;

// Workflows

export async function listWorkflows(signal?: AbortSignal): Promise<readonly WorkflowInfo[]> {
  return contentOf(await api.GET("/workflows", heeding(signal))).workflows;
}

export async function getWorkflow(name: string, signal?: AbortSignal): Promise<Revised> {
  const answer = await api.GET("/workflows/{name}", { params: { path: { name } }, ...heeding(signal) });
  return { revision: revisionOf(answer.response) ?? "", workflow: parsed(contentOf(answer)) };
}

/** Replaces the workflow of that revision; with `null`, makes a new one. The server may write the name a little differently. */
export async function putWorkflow(
  name: string,
  workflow: JsonObject,
  base: string | null,
): Promise<NamedRevision> {
  const header = base === null ? { "If-None-Match": "*" } : { "if-match": quoted(base) };
  const params = { path: { name }, header };
  return contentOf(await api.PUT("/workflows/{name}", { params, body: workflow }));
}

export async function removeWorkflow(name: string, revision: string): Promise<void> {
  const params = { path: { name }, header: { "if-match": quoted(revision) } };
  await api.DELETE("/workflows/{name}", { params });
}

export async function postRename(name: string, to: string): Promise<NamedRevision> {
  return contentOf(await api.POST("/workflows/{name}/rename", { params: { path: { name } }, body: { to } }));
}

export async function postDuplicate(name: string, to: string | null = null): Promise<NamedRevision> {
  return contentOf(
    await api.POST("/workflows/{name}/duplicate", { params: { path: { name } }, body: { to } }),
  );
}

/** What the server has instead, out of the problem with which it refused to overwrite it; `null` when it has nothing. */
export function currentOf({ body: { current } }: Problem): Revised | null {
  if (!isObject(current) || typeof current.revision !== "string") return null;
  return { revision: current.revision, workflow: current.workflow ?? null };
}

/** True for the refusal to overwrite what is newer, or to make what is there. */
export function isConflict(error: unknown): error is Problem {
  return error instanceof Problem && error.status === CONFLICT;
}

/** True when there is such a file, and it is no workflow. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof Problem && error.status === UNREADABLE;
}

export function isMissing(error: unknown): boolean {
  return error instanceof Problem && error.status === MISSING;
}

// Runs

export interface RunOptions {
  readonly targets: readonly string[];
  readonly cache: CacheUse;
  /** The open workflow that the run belongs to. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>> | undefined;
}

export async function startRun(workflow: JsonObject, options: RunOptions): Promise<RunDescription> {
  const { targets, cache, home, env } = options;
  const body = { workflow, targets: [...targets], cache, workflow_id: home, env: env ? { ...env } : null };
  return contentOf(await api.POST("/runs", { body }));
}

export async function getRun(id: string, signal?: AbortSignal): Promise<RunDescription> {
  const params = { path: { run_id: id } };
  return contentOf(await api.GET("/runs/{run_id}", { params, ...heeding(signal) }));
}

export async function listRuns(limit: number, before = ""): Promise<readonly RunDescription[]> {
  return contentOf(await api.GET("/runs", { params: { query: { limit, before } } })).runs;
}

export async function cancelRun(id: string): Promise<void> {
  await api.POST("/runs/{run_id}/cancel", { params: { path: { run_id: id } } });
}

export function runEventsUrl(id: string): string {
  return apiUrl(`runs/${encodeURIComponent(id)}/events`);
}

export async function validateWorkflow(
  workflow: JsonObject,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  return contentOf(await api.POST("/validate", { body: workflow, signal })).diagnostics;
}

// The catalog

/** The schemas and what they are known by; `null` when they are still those of `known`. */
export async function getSchemas(
  known: string | null,
  signal: AbortSignal,
): Promise<{ readonly schemas: readonly Schema[]; readonly etag: string | null } | null> {
  const headers = known === null ? {} : { "If-None-Match": quoted(known) };
  const answer = await api.GET("/get_schema", { headers, signal });
  if (answer.response.status === NO_CONTENT) return null;
  // The description of the server says less of default values and JSON schemas than we know.
  const schemas = contentOf(answer) as unknown as readonly Schema[];
  return { schemas, etag: revisionOf(answer.response) };
}

export async function getFailures(signal: AbortSignal): Promise<readonly LoadFailure[]> {
  return contentOf(await api.GET("/catalog/failures", { signal }));
}

// Secrets and templates

export async function listSecrets(signal?: AbortSignal): Promise<readonly SecretInfo[]> {
  return contentOf(await api.GET("/secrets", heeding(signal))).secrets;
}

export async function sendSecret(name: string, value: string): Promise<void> {
  await api.PUT("/secrets/{name}", { params: { path: { name } }, body: { value } });
}

export async function removeSecret(name: string): Promise<void> {
  await api.DELETE("/secrets/{name}", { params: { path: { name } } });
}

export async function listTemplates(signal?: AbortSignal): Promise<readonly TemplateInfo[]> {
  return contentOf(await api.GET("/templates", heeding(signal))).templates;
}

export async function getTemplate(name: string, signal?: AbortSignal): Promise<Json> {
  const params = { path: { name } };
  return parsed(contentOf(await api.GET("/templates/{name}", { params, ...heeding(signal) })));
}

export function serverEventsUrl(): string {
  return apiUrl("events");
}

/** What was parsed from JSON is JSON. */
function parsed(content: unknown): Json {
  return content as Json;
}

function heeding(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}
