/** Node packages in words: where they come from, what a change does. */

import { isExtra, nameInWords } from "@/graph/extras";
import type { PackageChange } from "@/state/packages_change_steps";
import type { DistributionChanges, PackageInfo, Preview } from "@/wire/shapes";

const COMMIT_DIGITS = 9;

export function shortCommit(commit: string): string {
  return commit.slice(0, COMMIT_DIGITS);
}

export const SOURCES: Readonly<Record<PackageInfo["source"], string>> = {
  pypi: "Index",
  git: "Git",
  local: "Folder",
};

/** Forms that a spec can have, with an example of each. */
export const SPEC_EXAMPLES: readonly { readonly label: string; readonly spec: string }[] = [
  { label: "A package of the index", spec: "scope-hello" },
  { label: "A version of it", spec: "scope-hello==1.2" },
  { label: "A Git repository", spec: "https://github.com/user/repository" },
  { label: "A branch, tag or commit", spec: "https://github.com/user/repository@v1.0" },
  {
    label: "A folder in a repository",
    spec: "git+https://github.com/user/repository#subdirectory=packages/node",
  },
  { label: "A private repository", spec: "git+ssh://git@github.com/user/repository" },
  { label: "A wheel or archive", spec: "https://example.com/scope_hello-1.2-py3-none-any.whl" },
  { label: "A folder of the server's machine", spec: "./my-node" },
];

type Wanted = NonNullable<Preview["package"]>;

/** Where a package would come from: what kind of place, whose it is, where exactly. */
export function originOf({ source, url, path, name, spec }: Wanted): readonly (readonly [string, string])[] {
  if (isExtra(spec)) {
    return [
      ["From", "The package index"],
      [
        "Where",
        "Beside Psynapse, with your node packages. Psynapse’s own installation stays as it is",
      ] as const,
    ];
  }
  if (source === "local") return [["From", "A folder of the server's machine"], ["Path", path] as const];
  if (source === "git") {
    return [["From", "A Git repository"], ["Who", ownerOf(url)] as const, ["Address", url] as const];
  }
  if (url !== "") return [["From", "An archive"], ["Who", hostOf(url)] as const, ["Address", url] as const];
  return [
    ["From", "The package index"],
    ["Who", `Whoever publishes “${name}” there; the index does not say more before it is fetched`] as const,
  ];
}

/** `https://github.com/user/repository` → “user” at github.com */
function ownerOf(url: string): string {
  const match = /^[a-z+]+:\/\/(?:[^@/]*@)?([^/]+)\/([^/]+)\/[^/]+/.exec(url);
  return match ? `“${match[2]}” at ${match[1]}` : hostOf(url);
}

function hostOf(url: string): string {
  return /^[a-z+]+:\/\/(?:[^@/]*@)?([^/]+)/.exec(url)?.[1] ?? "This machine";
}

export function isEmpty({ added, changed, removed }: DistributionChanges): boolean {
  return added.length + changed.length + removed.length === 0;
}

/** What goes on, as a title. */
export function titleOf({ verb, package: name, outcome }: PackageChange): string {
  const [going, done] = VERBS[verb];
  const what = name === "" ? "" : ` ${nameInWords(name)}`;
  switch (outcome) {
    case "running":
      return `${going}${what} …`;
    case "succeeded":
      return `${done}${what}`;
    case "cancelled":
      return `${going}${what} was cancelled`;
    case "unknown":
      return `${going}${what}: how it ended is not known`;
    default:
      return `${going}${what} failed`;
  }
}

const VERBS = {
  install: ["Installing", "Installed"],
  uninstall: ["Uninstalling", "Uninstalled"],
  reload: ["Reloading", "Reloaded"],
  rollback: ["Going back", "Went back"],
  rebuild: ["Building the packages again", "Built the packages again"],
  disable: ["Disabling", "Disabled"],
  enable: ["Enabling", "Enabled"],
} as const;

/** The steps of a change as a user sees them, each with those of the server that it is made of. */
export const PHASES: readonly { readonly label: string; readonly steps: readonly string[] }[] = [
  { label: "Choose versions", steps: ["begin", "resolve"] },
  { label: "Build", steps: ["build"] },
  { label: "Try", steps: ["probe", "seal"] },
  { label: "Switch over", steps: ["activate", "project", "collect", "use"] },
];

/** Whether such a change goes through those phases: switching a package off builds nothing. */
export function hasPhases({ verb }: PackageChange): boolean {
  return verb !== "disable" && verb !== "enable";
}

export function phaseOf(step: string): number {
  return PHASES.findIndex(({ steps }) => steps.includes(step));
}

/** A title for why something cannot be had. */
export function problemTitle(code: string): string {
  return TITLES[code] ?? "It did not work";
}

const TITLES: Readonly<Record<string, string>> = {
  "bad-requirement": "This cannot be installed",
  "requirement-not-found": "It was not found",
  "dependency-conflict": "It does not fit with what is there",
  "build-failed": "It could not be built",
  "build-needed": "It cannot be looked into without running its code",
  "package-fails": "It was built, but cannot be imported",
  "network-unreachable": "The network could not be reached",
  "uv-missing": "uv is missing",
  busy: "Something else is being changed",
};

export function asSentence(text: string): string {
  const full = text === "" || /[.!?…]$/.test(text) ? text : `${text}.`;
  return full.charAt(0).toUpperCase() + full.slice(1);
}
