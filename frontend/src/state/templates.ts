/** Workflows to begin with, as the server offers them. */

import { parseWorkflow } from "@/graph/file";
import type { Workflow } from "@/graph/workflow";
import { type Loaded, Resource } from "@/state/resource";
import { newTab } from "@/state/session";
import { apiUrl } from "@/wire/client";
import { getTemplate, listTemplates } from "@/wire/routes";
import type { TemplateInfo } from "@/wire/shapes";

export interface Templates {
  readonly templates: readonly TemplateInfo[];
  readonly status: Loaded<unknown>["status"];
}

export const templatesResource = new Resource<readonly TemplateInfo[]>([], (_, signal) =>
  listTemplates(signal),
);

/** Loaded when first used. */
export function useTemplates(): Templates {
  const { value: templates, status } = templatesResource.use();
  return { templates, status };
}

/** What a template looks like when the server has no picture of it. Throws Problem and Away. */
export async function templateWorkflow(name: string, signal: AbortSignal): Promise<Workflow> {
  return parseWorkflow(await getTemplate(name, signal));
}

/** The address of a template's picture; `null` where it has none. */
export function pictureUrl({ picture }: TemplateInfo): string | null {
  return picture && apiUrl(picture);
}

/** Opens a copy in a new tab, without a name. Returns the tab's id. Throws Problem and Away. */
export async function openTemplate(name: string): Promise<string> {
  return newTab(parseWorkflow(await getTemplate(name)));
}
