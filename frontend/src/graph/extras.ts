/** Extras of Psynapse: libraries that its nodepacks need and that can be installed later. */

import type { Catalog } from "@/graph/catalog";
import { packOf, unknownNodes } from "@/graph/packages";
import type { Workflow } from "@/graph/workflow";

/** What could not be loaded of a nodepack, and the extra that would help. */
interface Lacking {
  readonly nodepack: string;
  readonly extra: string | null;
}

/** A nodepack that is there and cannot be used before `spec` is installed. */
export interface ExtraOffer {
  readonly pack: string;
  readonly extra: string;
  readonly spec: string;
}

/** What only lacks libraries, each nodepack once, by name. */
export function offersOf(failures: readonly Lacking[]): readonly ExtraOffer[] {
  const offers = new Map(
    failures.flatMap(({ nodepack: pack, extra }) =>
      extra === null ? [] : [[`${pack} ${extra}`, { pack, extra, spec: `psynapse[${extra}]` }] as const],
    ),
  );
  return [...offers.values()].sort((a, b) => a.pack.localeCompare(b.pack));
}

/** Those that nodes of a workflow wait for. */
export function neededExtras(
  workflow: Workflow,
  catalog: Catalog,
  failures: readonly Lacking[],
): readonly ExtraOffer[] {
  const packs = new Set(unknownNodes(workflow, catalog).map(packOf));
  return offersOf(failures).filter(({ pack }) => packs.has(pack));
}

const EXTRA = /^psynapse\[([\w.,-]+)\]$/;

/** Whether what is installed by that name is libraries for Psynapse's own nodepacks. */
export function isExtra(name: string): boolean {
  return EXTRA.test(name);
}

/** `psynapse[images]` → `the libraries for images`; other names stay. */
export function nameInWords(name: string): string {
  const extras = EXTRA.exec(name)?.[1];
  return extras === undefined ? name : `the libraries for ${extras.replaceAll(",", ", ")}`;
}
