/** What the address of the page says: `#/w/{name}` a workflow, `#/runs/{id}` a run, anything else nothing. */

export type Route =
  | { readonly page: "workflow"; readonly name: string }
  | { readonly page: "run"; readonly id: string }
  | { readonly page: "home" };

export function parseRoute(hash: string): Route {
  const match = /^#?\/(w|runs)\/(.+)$/.exec(hash);
  const [, page, rest] = match ?? [];
  const text = rest === undefined ? null : decoded(rest);
  if (text === null) return { page: "home" };
  return page === "w" ? { page: "workflow", name: text } : { page: "run", id: text };
}

export function formatRoute(route: Route): string {
  switch (route.page) {
    case "workflow":
      return `#/w/${encodeURIComponent(route.name)}`;
    case "run":
      return `#/runs/${encodeURIComponent(route.id)}`;
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
