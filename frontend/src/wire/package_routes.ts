/** Requests about node packages, pipelines and the server itself. Each throws Problem and Away. */

import type { JsonObject } from "@/graph/workflow";
import { api, apiUrl, contentOf, reachPatiently } from "@/wire/client";
import type {
  GenerationList,
  Health,
  PackageList,
  PackageWish,
  PipelineInfo,
  PipelineState,
  Preview,
} from "@/wire/shapes";

/** What a change came to, as far as all kinds of changes tell it. */
export interface ChangeMade {
  readonly message: string;
  /** New runs use it only after a restart: true when no worker could be started with it. */
  readonly restart_required: boolean;
}

const patient = { fetch: reachPatiently };

/** `refresh` looks for updates first, which asks indexes and repositories. */
export async function listPackages(refresh: boolean, signal: AbortSignal): Promise<PackageList> {
  const params = { query: { refresh } };
  return contentOf(await api.GET("/nodes", { params, signal, ...(refresh ? patient : {}) }));
}

export async function previewPackage(wish: PackageWish, signal: AbortSignal): Promise<Preview> {
  return contentOf(await api.POST("/nodes/preview", { body: wish, signal, ...patient }));
}

export async function installPackage(wish: PackageWish): Promise<ChangeMade> {
  return contentOf(await api.POST("/nodes", { body: wish, ...patient }));
}

export async function uninstallPackage(name: string): Promise<ChangeMade> {
  return contentOf(await api.DELETE("/nodes/{name}", { params: { path: { name } }, ...patient }));
}

export async function reloadPackage(name: string): Promise<ChangeMade> {
  return contentOf(await api.POST("/nodes/{name}/reload", { params: { path: { name } }, ...patient }));
}

export async function disablePackage(name: string): Promise<ChangeMade> {
  return contentOf(await api.POST("/nodes/{name}/disable", { params: { path: { name } }, ...patient }));
}

export async function enablePackage(name: string): Promise<ChangeMade> {
  return contentOf(await api.POST("/nodes/{name}/enable", { params: { path: { name } }, ...patient }));
}

export async function rollBack(to: number): Promise<ChangeMade> {
  return contentOf(await api.POST("/nodes/rollback", { body: { to }, ...patient }));
}

/** False when it was too late, or nothing went on. */
export async function cancelChange(): Promise<boolean> {
  return contentOf(await api.POST("/nodes/cancel", patient)).cancelled;
}

export async function listGenerations(signal: AbortSignal): Promise<GenerationList> {
  return contentOf(await api.GET("/nodes/generations", { signal }));
}

export function changeEventsUrl(): string {
  return apiUrl("nodes/events");
}

export async function listPipelines(signal: AbortSignal): Promise<readonly PipelineInfo[]> {
  return contentOf(await api.GET("/pipelines", { signal })).pipelines;
}

export async function pipelineStates(signal: AbortSignal): Promise<readonly PipelineState[]> {
  return contentOf(await api.GET("/pipelines/status", { signal })).pipelines;
}

/** Begins to load it; how that goes is in the states. */
export async function loadPipeline(id: string, params: JsonObject): Promise<void> {
  await api.POST("/pipelines/load", { body: { pipeline_id: id, load_params: params, wait: false } });
}

export async function unloadPipeline(id: string): Promise<void> {
  await api.POST("/pipelines/unload", { body: { pipeline_id: id }, ...patient });
}

export async function getHealth(signal: AbortSignal): Promise<Health> {
  return contentOf(await api.GET("/health", { signal }));
}

export async function postRestart(): Promise<void> {
  await api.POST("/restart");
}
