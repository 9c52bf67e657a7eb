/** Which node packages a workflow uses, as its file names them, and which of those are not here. */

import { type Catalog, schemaOf } from "@/graph/catalog";
import { grouped } from "@/graph/grouping";
import { isObject, type Workflow, type WorkflowNode } from "@/graph/workflow";

/** The field of the file: names of packages, and for each what installs it, or only its version. */
export const PACKAGES = "packages";

/** What is known of an installed package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly source: "pypi" | "git" | "local";
  readonly spec: string;
  readonly commit: string | null;
  /** The nodepack folders that it brings, whose functions are not called after the package. */
  readonly nodepacks: readonly string[];
  /** It is switched off: installed, but none of its nodes is in the catalog. */
  readonly disabled?: boolean;
}

/** A package that a workflow names; `spec` is empty when the file does not say where it can be had. */
export interface NamedPackage {
  readonly name: string;
  readonly version: string;
  readonly spec: string;
}

/**
 * The workflow with the packages of now in it; the same object where nothing changes. What is named already stays
 * while it is not installed and there are nodes that nothing here knows: they may be its.
 */
export function withPackages(
  workflow: Workflow,
  catalog: Catalog,
  installed: readonly InstalledPackage[],
): Workflow {
  const named = namedIn(workflow);
  const used = usedPackages(workflow, catalog, installed);
  const unknown = unknownNodes(workflow, catalog).length > 0;
  const known = new Set(installed.map(({ name }) => name));
  // Before the list of packages has come, what the file says is better than nothing.
  const kept = [...named].filter(([name]) => (unknown && !known.has(name)) || used.get(name) === null);
  const found = [...used].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const entries = [...kept, ...found].sort(([one], [other]) => (one < other ? -1 : 1));
  return replaced(workflow, entries, named);
}

/** Those that the file names and that unknown nodes may come from, but for those that are only switched off. */
export function missingPackages(
  workflow: Workflow,
  catalog: Catalog,
  installed: readonly InstalledPackage[] = [],
): readonly NamedPackage[] {
  const unknown = unknownNodes(workflow, catalog).filter((node) => !disabledOwner(node, installed));
  if (unknown.length === 0) return [];
  const packs = new Set(unknown.map(packOf));
  const here = new Set(catalog.schemas.map(({ nodepack }) => nodepack));
  for (const { name, disabled } of installed) if (disabled) here.add(name);
  const missing = [...namedIn(workflow)].filter(([name]) => packs.has(name) || !here.has(name));
  return missing.map(([name, value]) => readEntry(name, value));
}

/** How many nodes of a workflow come from a package. */
export function countUses(
  workflow: Workflow,
  catalog: Catalog,
  { name, nodepacks }: Pick<InstalledPackage, "name" | "nodepacks">,
): number {
  const packs = new Set([name, ...nodepacks]);
  return [...workflow.nodes.values()].filter((node) => {
    const schema = schemaOf(catalog, node);
    return schema?.origin === "package" && packs.has(schema.nodepack);
  }).length;
}

/** The package that an unknown node comes from, where that is installed and switched off. */
export function disabledOwner<Package extends Pick<InstalledPackage, "name" | "nodepacks" | "disabled">>(
  node: WorkflowNode,
  installed: readonly Package[],
): Package | undefined {
  const pack = packOf(node);
  return installed.find(
    ({ name, nodepacks, disabled }) => disabled && (name === pack || nodepacks.includes(pack)),
  );
}

/** Packages that are switched off and how many nodes of the workflow wait for each. */
export function disabledUses(
  workflow: Workflow,
  catalog: Catalog,
  installed: readonly InstalledPackage[],
): readonly { readonly name: string; readonly count: number }[] {
  const owners = unknownNodes(workflow, catalog).flatMap((node) => disabledOwner(node, installed) ?? []);
  return [...grouped(owners, ({ name }) => name)].map(([name, { length }]) => ({ name, count: length }));
}

export function unknownNodes(workflow: Workflow, catalog: Catalog): readonly WorkflowNode[] {
  return [...workflow.nodes.values()].filter(
    (node) => node.type === "functionNode" && !schemaOf(catalog, node),
  );
}

/** What installs just this version again; a folder of this machine means nothing elsewhere, so only its version. */
export function entryFor({ name, version, source, spec, commit }: InstalledPackage): string {
  if (source === "pypi") return spec.includes("://") ? spec : `${name}==${version}`;
  return (source === "git" && commit !== null && pinned(spec, commit)) || version;
}

/** A file comes from anybody: only what names a package of an index by its own name, or a repository, is offered. */
function readEntry(name: string, value: string): NamedPackage {
  const version = /^\d[\w.!+-]*$/.test(value) ? value : (/==([\w.!+-]+)$/.exec(value)?.[1] ?? "");
  const isOfIndex = new RegExp(`^${escaped(name)}(\\[[\\w.,-]+\\])?(==[\\w.!+-]+)?$`, "i").test(value);
  const isRepository = /^([\w.-]+(\[[\w.,-]+\])? @ )?(git\+)?(https|ssh|http):\/\/\S+$/.test(value);
  return { name, version, spec: isOfIndex || isRepository ? value : "" };
}

function usedPackages(
  workflow: Workflow,
  catalog: Catalog,
  installed: readonly InstalledPackage[],
): Map<string, string | null> {
  const owners = new Map(
    installed.flatMap((one) => [one.name, ...one.nodepacks].map((pack) => [pack, one] as const)),
  );
  const used = new Map<string, string | null>();
  for (const node of workflow.nodes.values()) {
    const schema = schemaOf(catalog, node);
    const off = schema ? undefined : disabledOwner(node, installed);
    if (off) used.set(off.name, entryFor(off));
    if (schema?.origin !== "package") continue;
    const owner = owners.get(schema.nodepack);
    used.set(owner?.name ?? schema.nodepack, owner ? entryFor(owner) : null);
  }
  return used;
}

function namedIn({ extra }: Workflow): Map<string, string> {
  const named = extra[PACKAGES];
  const entries = isObject(named) ? Object.entries(named) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function replaced(
  workflow: Workflow,
  entries: readonly (readonly [string, string])[],
  before: ReadonlyMap<string, string>,
): Workflow {
  if (entries.length === before.size && entries.every(([name, value]) => before.get(name) === value))
    return workflow;
  const { [PACKAGES]: _, ...extra } = workflow.extra;
  const packages = entries.length > 0 ? { [PACKAGES]: Object.fromEntries(entries) } : {};
  return { ...workflow, extra: { ...extra, ...packages } };
}

/** `git+https://host/user/repo@main#subdirectory=x` at a commit instead of `main`; nothing for one of this machine. */
function pinned(spec: string, commit: string): string {
  const [, address, subdirectory] =
    /^(.*?\bgit\+(?!file:)[a-z]+:\/\/[^/]*\/[^@#]*)(?:@[^#]*)?(#\S*)?/.exec(spec) ?? [];
  return address === undefined ? "" : `${address.trim()}@${commit}${subdirectory ?? ""}`;
}

/** The nodepack that a node says its function is of; empty where it does not say. */
export function packOf({ data }: WorkflowNode): string {
  const ref = typeof data.ref === "string" ? data.ref : data.functionName;
  return typeof ref === "string" && ref.includes("/") ? ref.slice(0, ref.indexOf("/")) : "";
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
