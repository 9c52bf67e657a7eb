/** Draws charts of Vega and Vega-Lite. Loaded when the first of them is shown. */

import { type Config, type Loader, parse, type Spec, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Drawing, DrawingSize } from "@/displays/drawing";
import { isObject, type JsonObject } from "@/graph/workflow";

/** Draws into an element. Rejects for what cannot be drawn. Nothing of the chart runs as code, nothing is fetched. */
export async function draw(element: HTMLElement, content: JsonObject, size: DrawingSize): Promise<Drawing> {
  const runtime = isLite(content)
    ? parse(compiled(content, size) as Spec, undefined, { ast: true })
    : parse(sized(content, size) as unknown as Spec, CONFIG, { ast: true });
  let isRefused = false;
  const view = new View(runtime, {
    expr: expressionInterpreter,
    loader: loaderThat(() => {
      isRefused = true;
    }),
    renderer: "svg",
    logger: QUIET,
    hover: true,
  });
  await view.initialize(element).runAsync();
  const finish = () => void view.finalize();
  if (!isRefused) return { finish };
  finish();
  throw new Error(REFUSED);
}

function isLite({ $schema }: JsonObject): boolean {
  return typeof $schema === "string" && /vega-lite/.test($schema);
}

function compiled(content: JsonObject, size: DrawingSize): object {
  // What the chart says of its own looks comes before the page's.
  const own = isObject(content.config) ? content.config : {};
  const { config: _, ...rest } = isSimple(content) ? sized(content, size) : content;
  const spec = { ...rest, config: merged(CONFIG as JsonObject, own) };
  return compile(spec as unknown as TopLevelSpec, { logger: QUIET }).spec;
}

/** Those that are made of several charts keep their own sizes, and are scaled as a whole. */
function isSimple(content: JsonObject): boolean {
  return ["mark", "layer"].some((part) => part in content) && !hasFacets(content.encoding);
}

function hasFacets(encoding: unknown): boolean {
  return (
    isObject(encoding as JsonObject) &&
    ["row", "column", "facet"].some((name) => name in (encoding as object))
  );
}

function sized(content: JsonObject, { width, height }: DrawingSize): JsonObject {
  return { ...content, width, height, autosize: { type: "fit", contains: "padding" } };
}

function merged(below: JsonObject, above: JsonObject): JsonObject {
  const result: JsonObject = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const before = result[name];
    result[name] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return result;
}

const TEXT = "var(--text)";
const QUIET_TEXT = "var(--text-muted)";
const LINES = "var(--border-strong)";
/** In an SVG the theme's colours follow it by themselves. */
const CONFIG: Config = {
  background: "transparent",
  font: "var(--font-ui)",
  title: { color: TEXT, subtitleColor: QUIET_TEXT },
  axis: {
    domainColor: LINES,
    gridColor: "var(--border)",
    labelColor: QUIET_TEXT,
    tickColor: LINES,
    titleColor: TEXT,
  },
  legend: { labelColor: QUIET_TEXT, titleColor: TEXT },
  header: { labelColor: QUIET_TEXT, titleColor: TEXT },
  view: { stroke: "var(--border)" },
} as Config;

/** A chart brings its data with it: what it would fetch could be anything of this server. `refuse` hears of it. */
function loaderThat(refuse: () => void): Loader {
  const refused = () => {
    refuse();
    return Promise.reject(new Error(REFUSED));
  };
  return { options: {}, load: refused, sanitize: refused, http: refused, file: refused } as unknown as Loader;
}

const REFUSED = "it asks for something at an address, and nothing is fetched for a plot.";

const nothing = () => QUIET;
const QUIET = { level: nothing, error: nothing, warn: nothing, info: nothing, debug: nothing } as never;
