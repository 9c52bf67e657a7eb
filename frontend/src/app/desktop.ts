/** What the desktop app offers to the page as `window.scope`: see docs/desktop.md. In a browser there is nothing. */

import { isObject } from "@/graph/workflow";

interface DesktopServer {
  restartServer(): Promise<unknown>;
}

/** Announced when `window.scope` has been put into the page. */
export const AVAILABLE = "scope:available";
/** Announced when there are links to take. */
export const LINKS = "scope:links";

export function desktopServer(): DesktopServer | null {
  const scope: unknown = Reflect.get(window, "scope");
  return has(scope, "restartServer") ? (scope as DesktopServer) : null;
}

/** Says that the page can take links, and returns the packages of those that wait; `null` in a browser. */
export async function readyForLinks(): Promise<readonly string[] | null> {
  const scope: unknown = Reflect.get(window, "scope");
  if (!has(scope, "ready")) return null;
  return packagesIn(await (scope as { ready(): Promise<unknown> }).ready());
}

/** The packages that links name, out of anything. */
export function packagesIn(answer: unknown): readonly string[] {
  if (!isObject(answer) || !Array.isArray(answer.links)) return [];
  return answer.links.flatMap((link) =>
    isObject(link) && link.action === "install-node" && typeof link.package === "string"
      ? [link.package]
      : [],
  );
}

function has(scope: unknown, method: string): scope is object {
  return typeof scope === "object" && scope !== null && typeof Reflect.get(scope, method) === "function";
}
