/** The node packages of the server: what is installed, what failed, and the generations one can go back to. */

import { create } from "zustand";
import { type Loaded, Resource } from "@/state/resource";
import { listGenerations, listPackages } from "@/wire/package_routes";
import type { GenerationList, PackageInfo, PackageList } from "@/wire/shapes";

const NOTHING: PackageList = { nodes: [], failed: [], extras: [], generation: 0, problem: "" };
const NO_HISTORY: GenerationList = { current: 0, generations: [] };

export const packagesResource = new Resource<PackageList>(NOTHING, (_, signal) =>
  listPackages(false, signal),
);
export const generationsResource = new Resource<GenerationList>(NO_HISTORY, (_, signal) =>
  listGenerations(signal),
);

/** Loaded when first used, and kept up to date. */
export function usePackages(): Loaded<PackageList> {
  return packagesResource.use();
}

export function useGenerations(): Loaded<GenerationList> {
  return generationsResource.use();
}

/** What is installed, as far as that is known; outside of components. */
export function currentPackages(): readonly PackageInfo[] {
  return packagesResource.store.getState().value.nodes;
}

/** The server has other packages. */
export function refreshPackages(): void {
  packagesResource.refreshIfUsed();
  generationsResource.refreshIfUsed();
}

export type UpdateCheck = "unasked" | "asking" | "answered" | "failed";

export const useUpdateCheck = create<{ readonly status: UpdateCheck }>()(() => ({ status: "unasked" }));

let checking: AbortController | null = null;

/** Asks indexes and repositories for newer versions, which takes as long as they take. Packages that could not be asked about say so themselves. */
export async function checkForUpdates(): Promise<void> {
  checking?.abort();
  const mine = new AbortController();
  checking = mine;
  useUpdateCheck.setState({ status: "asking" });
  try {
    const value = await listPackages(true, mine.signal);
    if (mine.signal.aborted) return;
    packagesResource.store.setState({ value, status: "ready", problem: "", retryAt: null });
    useUpdateCheck.setState({ status: "answered" });
  } catch {
    if (!mine.signal.aborted) useUpdateCheck.setState({ status: "failed" });
  }
}
