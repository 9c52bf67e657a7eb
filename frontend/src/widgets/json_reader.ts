/** Says in plain words what is wrong with a JSON text, and where. Browsers' own messages differ and may name no place. */

export interface JsonFault {
  readonly message: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** The position in the text. */
  readonly offset: number;
}

/** The first fault of a text, or null when it is JSON. */
export function jsonFault(text: string): JsonFault | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    const { message, offset } = new Scanner(text).fault();
    const before = text.slice(0, offset).split("\n");
    return { message, offset, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
}

class Fault extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const WORD = /[A-Za-z_][A-Za-z_0-9]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const INSTEAD: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };

/** Reads as a JSON parser does, but only for the sake of the first fault. */
class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  fault(): { message: string; offset: number } {
    try {
      this.value();
      this.space();
      if (this.at < this.text.length) this.fail("Nothing may follow the value");
    } catch (error) {
      if (error instanceof Fault) return error;
      // Nested beyond what can be followed.
    }
    return { message: "This is not JSON", offset: this.at };
  }

  private value(): void {
    this.space();
    const next = this.text[this.at];
    if (next === undefined) this.fail("A value is missing");
    if (next === "{") this.items("}", () => this.member());
    else if (next === "[") this.items("]", () => this.value());
    else if (next === '"') this.string();
    else if (/[-0-9.+]/.test(next)) this.number();
    else this.word();
  }

  private items(end: string, item: () => void): void {
    const begin = this.at++;
    if (this.takes(end)) return;
    for (;;) {
      item();
      if (this.takes(end)) return;
      const before = this.at;
      if (!this.takes(",")) this.missing(end, begin);
      if (this.takes(end)) this.fail(`Remove the comma before ${end}`, before);
    }
  }

  private missing(end: string, begin: number): never {
    if (this.at < this.text.length) this.fail(`A comma or ${end} is missing here`);
    return this.fail(`The ${this.text[begin]} that begins here has no ${end}`, begin);
  }

  private member(): void {
    this.space();
    if (this.text[this.at] !== '"') this.fail("A key in double quotes is missing here");
    this.string();
    if (!this.takes(":")) this.fail("A colon is missing after the key");
    this.value();
  }

  private string(): void {
    const begin = this.at;
    if (this.matched(STRING)) return;
    const rest = this.text.slice(begin + 1);
    const end = rest.search(/(?<!\\)(?:\\\\)*"|\n/);
    if (end < 0 || rest[end] === "\n") this.fail("This text has no closing quote", begin);
    this.fail("This text has a backslash or a control character that JSON does not know", begin);
  }

  private number(): void {
    const begin = this.at;
    if (!this.matched(NUMBER) || /[\w.]/.test(this.text[this.at] ?? "")) {
      this.fail("This number is not written as JSON has it", begin);
    }
  }

  private word(): void {
    const begin = this.at;
    if (this.text[begin] === "'") this.fail("Use double quotes for text");
    const word = this.matched(WORD);
    if (word === "true" || word === "false" || word === "null") return;
    if (word && INSTEAD[word]) this.fail(`Write ${INSTEAD[word]} instead of ${word}`, begin);
    this.fail(word ? `Put ${word} in double quotes` : "A value is missing here", begin);
  }

  private matched(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private takes(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? "")) this.at++;
  }

  private fail(message: string, offset = this.at): never {
    throw new Fault(message, offset);
  }
}
