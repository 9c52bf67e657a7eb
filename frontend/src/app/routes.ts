/** What the address of the page says: `#/w/{name}` a workflow, `#/runs/{id}` a run, `#/settings/{page}`, anything else nothing. */

import { isSettingsPage, type SettingsPage } from "@/panels/settings/settings_pages";

export type Route =
  | { readonly page: "settings"; readonly tab: SettingsPage }
  | { readonly page: "workflow"; readonly name: string }
  | { readonly page: "run"; readonly id: string }
  | { readonly page: "home" };

export function parseRoute(hash: string): Route {
  const match = /^#?\/(w|runs|settings)\/(.+)$/.exec(hash);
  const [, page, rest] = match ?? [];
  const text = rest === undefined ? null : decoded(rest);
  if (text === null) return { page: "home" };
  if (page === "settings") return isSettingsPage(text) ? { page: "settings", tab: text } : { page: "home" };
  return page === "w" ? { page: "workflow", name: text } : { page: "run", id: text };
}

export function formatRoute(route: Route): string {
  switch (route.page) {
    case "workflow":
      return `#/w/${encodeURIComponent(route.name)}`;
    case "run":
      return `#/runs/${encodeURIComponent(route.id)}`;
    case "settings":
      return `#/settings/${route.tab}`;
    default:
      return "#/";
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
