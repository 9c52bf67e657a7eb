/** What a schema asks of a text, in words. Such a text is kept all the same: it may be half typed. */

import type { JsonObject } from "@/graph/workflow";

const FORMATS: Readonly<Record<string, readonly [RegExp, string]>> = {
  uuid: [
    /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i,
    "Use a UUID, such as 6f1c0b52-9a3e-4d7f-8b21-0c5d4e3f2a10",
  ],
  duration: [
    /^-?P(?=.)(\d+[YMWD])*(T(?=.)(\d+(\.\d+)?[HMS])*)?$|^-?(\d+ days?,? )?\d+:\d\d(:\d\d(\.\d+)?)?$/i,
    "Use a duration such as PT1H30M or 1:30:00",
  ],
  email: [/^\S+@\S+\.\S+$/, "Use an e-mail address"],
  uri: [/^[a-z][a-z0-9+.-]*:\S+$/i, "Use an address such as https://example.org"],
};

/** Why a text does not fit, as far as that can be told here. */
export function textProblem(text: string, schema: JsonObject): string | undefined {
  const { minLength, maxLength, pattern, format } = schema;
  const length = [...text].length;
  if (typeof minLength === "number" && length < minLength) return `Use at least ${characters(minLength)}`;
  if (typeof maxLength === "number" && length > maxLength)
    return `Use at most ${characters(maxLength)}, there are ${length}`;
  const [form, words] = FORMATS[String(format)] ?? [];
  if (form && !form.test(text)) return words;
  return typeof pattern === "string" && !fitsPattern(text, pattern)
    ? `Must fit the pattern ${pattern}`
    : undefined;
}

function characters(count: number): string {
  return count === 1 ? "1 character" : `${count} characters`;
}

/** Python's patterns know more than JavaScript's: what cannot be read is left to the server. */
function fitsPattern(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}
