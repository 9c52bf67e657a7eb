/** The folder dialog of the desktop app. In a browser there is none. */

interface Desktop {
  browseDirectory(title: string): Promise<string | null>;
}

/** What the desktop app offers to the page as `window.scope`, if this is the desktop app. */
export function desktopFolders(): Desktop | undefined {
  const scope: unknown = Reflect.get(window, "scope");
  return isDesktop(scope) ? scope : undefined;
}

function isDesktop(scope: unknown): scope is Desktop {
  return (
    typeof scope === "object" && scope !== null && typeof Reflect.get(scope, "browseDirectory") === "function"
  );
}
