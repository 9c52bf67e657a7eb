import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const CSS = readFileSync(resolve(import.meta.dirname, "tokens.css"), "utf8");
const BLOCKS = [...CSS.matchAll(/:root[^{]*\{([^}]*)\}/g)].map(([, body = ""]) => tokensIn(body));
const [LIGHT = new Map(), DARK_BY_SYSTEM = new Map(), DARK_BY_CHOICE = new Map()] = BLOCKS;
const SURFACES = ["--canvas", "--surface", "--surface-raised", "--surface-node", "--hover"];

function tokensIn(body: string): Map<string, string> {
  return new Map(
    [...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

function luminance(color: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe("tokens", () => {
  it("are the same for a dark system and for dark by choice", () => {
    expect([...DARK_BY_SYSTEM]).toEqual([...DARK_BY_CHOICE]);
    expect(DARK_BY_CHOICE.size).toBeGreaterThan(50);
  });

  it("have every colour of the dark theme in the light one too", () => {
    expect([...DARK_BY_CHOICE.keys()].filter((name) => !LIGHT.has(name))).toEqual([]);
  });

  it.each([
    ["light", LIGHT],
    ["dark", DARK_BY_CHOICE],
  ])("can be read as text on every surface when %s", (_, tokens) => {
    const texts = [...tokens].filter(
      ([name, value]) =>
        /^--(text|text-muted|text-faint|accent-text|info|success|warning|danger|(status|port|node)-[a-z]+)$/.test(
          name,
        ) && value.startsWith("#"),
    );
    const poor = texts.flatMap(([name, value]) =>
      SURFACES.filter((surface) => contrast(value, tokens.get(surface) ?? "") < 4.5).map(
        (on) => `${name} on ${on}`,
      ),
    );
    expect(texts.length).toBeGreaterThan(35);
    expect(poor).toEqual([]);
  });
});
