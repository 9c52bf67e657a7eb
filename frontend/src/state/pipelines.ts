/** The pipelines that node packages have brought: which there are and how each is. */

import type { JsonObject } from "@/graph/workflow";
import { type Loaded, Resource } from "@/state/resource";
import { listPipelines, loadPipeline, pipelineStates, unloadPipeline } from "@/wire/package_routes";
import type { PipelineInfo, PipelineState } from "@/wire/shapes";

export interface Pipeline {
  readonly id: string;
  readonly state: PipelineState;
  /** Nothing for one that is loaded although its package is not there any more. */
  readonly info: PipelineInfo | null;
}

export const pipelinesResource = new Resource<readonly Pipeline[]>([], async (_, signal) => {
  const [infos, states] = await Promise.all([listPipelines(signal), pipelineStates(signal)]);
  const byId = new Map(infos.map((info) => [info.pipeline_id, info]));
  return states.map((state) => ({
    id: state.pipeline_id,
    state,
    info: byId.get(state.pipeline_id) ?? null,
  }));
});

/** Loaded when first used, and kept up to date. */
export function usePipelines(): Loaded<readonly Pipeline[]> {
  return pipelinesResource.use();
}

/** Begins to load it; how that goes is in its state. Throws Problem and Away. */
export async function load(id: string, params: JsonObject): Promise<void> {
  await loadPipeline(id, params);
  await pipelinesResource.refresh();
}

/** Unloads it, gives up loading it, or puts its error away. Throws Problem and Away. */
export async function unload(id: string): Promise<void> {
  await unloadPipeline(id);
  await pipelinesResource.refresh();
}
