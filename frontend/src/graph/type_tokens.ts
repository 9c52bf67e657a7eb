/** The words and marks that Python type hints are written with. */

const TOKEN =
  /\s*(?:([\p{L}_][\p{L}\p{N}_]*)|(\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?)|(\.\.\.)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([[\](),|.+-]))/uy;

export interface Token {
  readonly kind: "name" | "number" | "ellipsis" | "string" | "mark" | "end";
  readonly text: string;
}

export const END: Token = { kind: "end", text: "" };

/** The text is no type. */
export class NotAType extends Error {}

/** The tokens of a text. Throws NotAType where there is none. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trim();
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < trimmed.length; ) {
    const match = TOKEN.exec(trimmed);
    if (!match) throw new NotAType();
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf([, name, number, ellipsis, string, mark]: RegExpExecArray): Token {
  if (name !== undefined) return { kind: "name", text: name };
  if (number !== undefined) return { kind: "number", text: number };
  if (ellipsis !== undefined) return { kind: "ellipsis", text: ellipsis };
  if (string !== undefined) return { kind: "string", text: unquoted(string) };
  return { kind: "mark", text: mark ?? "" };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function unquoted(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gis, (_, x, u, long, plain: string) => {
      const code = x ?? u ?? long;
      return code === undefined ? (ESCAPES[plain] ?? plain) : String.fromCodePoint(Number.parseInt(code, 16));
    });
}
