/** How well a text answers a search: exactly, by its beginning, by a word, by a part, or nearly. */

/** Lower is better. */
export const LEVELS = { exact: 0, prefix: 1, word: 2, part: 3, elsewhere: 4, nearly: 5 } as const;
export type Level = (typeof LEVELS)[keyof typeof LEVELS];

/** A text made ready for searching. */
export interface Searchable {
  /** In lower case; words are apart by one space, so that `parse_csv` is found as `parse csv`. */
  readonly text: string;
  /** The same without spaces, so that it is found as `parsecsv`. */
  readonly joined: string;
  readonly words: readonly string[];
}

export function searchable(text: string): Searchable {
  const words = text
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  return { text: words.join(" "), joined: words.join(""), words };
}

/** How well a name answers, or null when it has not even all the letters. */
export function matchName(name: Searchable, query: Searchable): Level | null {
  if (name.joined === query.joined) return LEVELS.exact;
  if (name.joined.startsWith(query.joined)) return LEVELS.prefix;
  if (query.words.every((word) => name.words.some((other) => other.startsWith(word)))) return LEVELS.word;
  return name.joined.includes(query.joined) || hasWords(name.text, query) ? LEVELS.part : null;
}

/** True when every word of the search is somewhere in the text. */
export function hasWords(text: string, { words }: Searchable): boolean {
  return words.every((word) => text.includes(word));
}

/** True when the name is what somebody meant who left letters out or made one slip. */
export function matchesNearly(name: Searchable, query: Searchable): boolean {
  if (query.joined.length < 3) return false;
  return isAbbreviation(query.joined, name.joined) || query.words.every((word) => hasSlippedWord(name, word));
}

/** `wrdcnt` for `word count`: the same letters in order, beginning alike and not too few of them. */
function isAbbreviation(short: string, long: string): boolean {
  if (long[0] !== short[0] || short.length * 3 < long.length) return false;
  let at = 0;
  for (let index = 0; index < long.length; index += 1) if (long[index] === short[at]) at += 1;
  return at === short.length;
}

function hasSlippedWord(name: Searchable, word: string): boolean {
  return word.length >= 4 && name.words.some((other) => isOneSlip(word, other));
}

/** One letter more, less, other, or two swapped. The end of the other word may be missing. */
function isOneSlip(typed: string, meant: string): boolean {
  const start = commonStart(typed, meant);
  const goesOn = (from: number, at: number) => meant.startsWith(typed.slice(from), at);
  const isSwap = typed[start] === meant[start + 1] && typed[start + 1] === meant[start];
  return (
    (isSwap && goesOn(start + 2, start + 2)) ||
    goesOn(start + 1, start) ||
    goesOn(start, start + 1) ||
    goesOn(start + 1, start + 1)
  );
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
