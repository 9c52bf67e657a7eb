/** Workflows to begin with, as the server offers them. */

import { parseWorkflow } from "@/graph/file";
import { type Loaded, Resource } from "@/state/resource";
import { newTab } from "@/state/session";
import { getTemplate, listTemplates } from "@/wire/routes";
import type { TemplateInfo } from "@/wire/shapes";

export interface Templates {
  readonly templates: readonly TemplateInfo[];
  readonly status: Loaded<unknown>["status"];
}

const resource = new Resource<readonly TemplateInfo[]>([], (_, signal) => listTemplates(signal));

/** Loaded when first used. */
export function useTemplates(): Templates {
  const { value: templates, status } = resource.use();
  return { templates, status };
}

/** Opens a copy in a new tab, without a name. Returns the tab's id. Throws Problem and Away. */
export async function openTemplate(name: string): Promise<string> {
  return newTab(parseWorkflow(await getTemplate(name)));
}
