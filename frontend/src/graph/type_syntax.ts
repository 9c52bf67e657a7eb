/** Python type hints as data: parsed from the text that schemas carry, and written again. */

import { END, NotAType, type Token, tokensOf } from "@/graph/type_tokens";

export interface Literal {
  readonly kind: "str" | "int" | "float" | "bool" | "None";
  /** As text: Python's integers are longer than JavaScript's numbers. */
  readonly text: string;
}

/** A type: `name` with `args`; a union is named `|`; `Literal` carries `literals` instead of args. */
export interface TypeExpr {
  readonly name: string;
  readonly args: readonly TypeExpr[];
  readonly literals: readonly Literal[];
}

export const ANY: TypeExpr = { name: "Any", args: [], literals: [] };
const NONE: TypeExpr = { name: "None", args: [], literals: [] };
const DEEPEST = 60;
const LONGEST = 10_000;
/** A schema comes back with each refresh of the catalog, and its types are asked for at every move of an edge. */
const MOST_REMEMBERED = 5_000;

const remembered = new Map<string, TypeExpr>();

/** Reads a type as written in Python. What is not one is `Any`: an odd hint must not keep anybody from connecting. */
export function parseType(text: string): TypeExpr {
  const known = remembered.get(text);
  if (known) return known;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const parsed = parsedOrAny(text);
  remembered.set(text, parsed);
  return parsed;
}

function parsedOrAny(text: string): TypeExpr {
  try {
    return parseWithin(text, 0);
  } catch (error) {
    if (error instanceof NotAType) return ANY;
    throw error;
  }
}

function parseWithin(text: string, depth: number): TypeExpr {
  if (text.length > LONGEST || depth > DEEPEST) throw new NotAType();
  const reader = new Reader(tokensOf(text), depth);
  const type = reader.union();
  reader.expect("end");
  return type;
}

/** Recursive descent over the tokens of one type. */
class Reader {
  private at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private depth: number,
  ) {}

  union(): TypeExpr {
    const members = [this.single()];
    while (this.skips("|")) members.push(this.single());
    return members.length === 1 ? (members[0] ?? ANY) : unionOf(members);
  }

  expect(wanted: string): void {
    const token = this.next();
    if ((token.kind === "mark" ? token.text : token.kind) !== wanted) throw new NotAType();
  }

  private single(): TypeExpr {
    const token = this.next();
    if (token.kind === "ellipsis") return { ...ANY, name: "..." };
    if (token.kind === "string") return parseWithin(token.text, this.depth + 1);
    if (token.kind === "name") return this.named(token.text);
    if (token.text === "(") return this.nested(() => this.closed(this.union(), ")"));
    if (token.text === "[") return { name: "[]", args: this.nested(() => this.listUpTo("]")), literals: [] };
    throw new NotAType();
  }

  private named(first: string): TypeExpr {
    if (first === "None") return NONE;
    if (first === "True" || first === "False") throw new NotAType();
    let name = first;
    while (this.skips(".")) name += `.${this.word()}`;
    return this.skips("[") ? this.nested(() => this.subscript(name)) : { name, args: [], literals: [] };
  }

  private subscript(name: string): TypeExpr {
    const short = shortName(name);
    if (short === "Literal") return { name: "Literal", args: [], literals: this.literalsUpTo("]") };
    // tuple[()] is Python's way to write a tuple of nothing.
    const isEmpty = this.peek().text === "(" && this.peek(1).text === ")";
    if (isEmpty) this.at += 2;
    const args = this.listUpTo("]");
    if (args.length === 0 && !isEmpty) throw new NotAType();
    if (short === "Optional") return unionOf([...args, NONE]);
    if (short === "Union") return unionOf(args);
    return { name, args, literals: [] };
  }

  private listUpTo(close: string): TypeExpr[] {
    return this.items(close, () => this.union());
  }

  private literalsUpTo(close: string): Literal[] {
    return this.items(close, () => this.literal());
  }

  private items<Item>(close: string, read: () => Item): Item[] {
    const items: Item[] = [];
    while (!this.skips(close)) {
      items.push(read());
      if (!this.skips(",") && this.peek().text !== close) throw new NotAType();
    }
    return items;
  }

  private literal(): Literal {
    const negative = this.skips("-");
    const token = this.next();
    if (token.kind === "number") return numberLiteral(negative, token.text);
    if (negative) throw new NotAType();
    if (token.kind === "string") return { kind: "str", text: token.text };
    if (token.text === "True" || token.text === "False") return { kind: "bool", text: token.text };
    if (token.text === "None") return { kind: "None", text: "None" };
    throw new NotAType();
  }

  private nested<Result>(read: () => Result): Result {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new NotAType();
    const result = read();
    this.depth -= 1;
    return result;
  }

  private closed(type: TypeExpr, mark: string): TypeExpr {
    this.expect(mark);
    return type;
  }

  private word(): string {
    const token = this.next();
    if (token.kind !== "name") throw new NotAType();
    return token.text;
  }

  private peek(ahead = 0): Token {
    return this.tokens[this.at + ahead] ?? END;
  }

  private next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  private skips(mark: string): boolean {
    const token = this.peek();
    const found = token.kind === "mark" && token.text === mark;
    if (found) this.at += 1;
    return found;
  }
}

/** The members of a union, or the type itself. */
export function membersOf(type: TypeExpr): readonly TypeExpr[] {
  return type.name === "|" ? type.args : [type];
}

/** Flattened, without repetitions, in order; a single member stays itself. */
function unionOf(members: readonly TypeExpr[]): TypeExpr {
  const flat = new Map(members.flatMap((member) => membersOf(member)).map((type) => [identity(type), type]));
  const args = [...flat.values()];
  const [only] = args;
  if (!only) throw new NotAType();
  return args.length === 1 ? only : { name: "|", args, literals: [] };
}

/** The same text for types that Python holds to be equal: to it, 1, 1.0 and True are. */
function identity(type: TypeExpr): string {
  const literals = type.literals.map(
    ({ kind, text }) => `${kind === "str" ? "s" : valueText(kind, text)}:${text}`,
  );
  return `${type.name}(${literals.join()})[${type.args.map(identity).join()}]`;
}

function valueText(kind: string, text: string): string {
  if (kind === "None") return "None";
  return String(kind === "bool" ? Number(text === "True") : Number(text));
}

export function shortName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1) || name;
}

function numberLiteral(negative: boolean, digits: string): Literal {
  const text = (negative ? "-" : "") + digits.replaceAll("_", "");
  return { kind: /[.eE]/.test(text) ? "float" : "int", text };
}

/** The type as Python writes it. */
export function formatType(type: TypeExpr): string {
  if (type.name === "|") return type.args.map(formatType).join(" | ");
  if (type.literals.length > 0) return `Literal[${type.literals.map(formatLiteral).join(", ")}]`;
  const inner = type.args.map(formatType).join(", ");
  if (type.name === "[]") return `[${inner}]`;
  return type.args.length > 0 ? `${type.name}[${inner}]` : type.name;
}

function formatLiteral({ kind, text }: Literal): string {
  return kind === "str" ? quoted(text) : text;
}

/** The type of a parameter whose schema lists its options. Schemas have them apart from the type's name. */
export function literalType(values: readonly (string | number | boolean | null)[]): string {
  return `Literal[${values.map(pythonValue).join(", ")}]`;
}

function pythonValue(value: string | number | boolean | null): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : quoted(value);
}

const QUOTED: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\\": "\\\\",
  "'": "\\'",
};

function quoted(text: string): string {
  return `'${text.replace(/[\n\t\r\\']/g, (character) => QUOTED[character] ?? character)}'`;
}
