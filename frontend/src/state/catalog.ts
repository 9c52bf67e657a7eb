/** What nodes can be made of, as the server has it now. */

import { useMemo } from "react";
import { type Catalog, EMPTY_CATALOG, makeCatalog } from "@/graph/catalog";
import { type Loaded, Resource } from "@/state/resource";
import { getFailures, getSchemas } from "@/wire/routes";
import type { LoadFailure } from "@/wire/shapes";

export interface CatalogState {
  readonly catalog: Catalog;
  readonly status: Loaded<unknown>["status"];
  /** Files and functions that could not become nodes. */
  readonly failures: readonly LoadFailure[];
  /** When the server is asked again, in milliseconds since 1970, while it is away. */
  readonly retryAt: number | null;
  /** Asks the server now. */
  retry(): Promise<void>;
}

interface Contents {
  readonly catalog: Catalog;
  readonly etag: string | null;
  readonly failures: readonly LoadFailure[];
}

const EMPTY: Contents = { catalog: EMPTY_CATALOG, etag: null, failures: [] };

export const catalogResource = new Resource<Contents>(EMPTY, async (known, signal) => {
  const [schemas, failures] = await Promise.all([getSchemas(known.etag, signal), getFailures(signal)]);
  if (!schemas) return { ...known, failures };
  return { catalog: makeCatalog(schemas.schemas), etag: schemas.etag, failures };
});

export function useCatalog(): CatalogState {
  const { value, status, retryAt } = catalogResource.use();
  const { catalog, failures } = value;
  return useMemo(
    () => ({ catalog, failures, status, retryAt, retry: catalogResource.refresh }),
    [catalog, failures, status, retryAt],
  );
}

/** The catalog as it is now, outside of components. */
export function currentCatalog(): Catalog {
  return catalogResource.store.getState().value.catalog;
}

/** Calls back when the server has another catalog. */
export function onCatalog(listener: () => void): () => void {
  return catalogResource.store.subscribe(({ value }, before) => {
    if (value.catalog !== before.value.catalog) listener();
  });
}
