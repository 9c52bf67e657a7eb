/** Choosing by typing: what answers to some text, best first. */

import { hasWords, matchName, searchable } from "@/graph/text_match";

export function matching<Thing>(
  things: readonly Thing[],
  text: string,
  nameOf: (thing: Thing) => string,
): Thing[] {
  const query = searchable(text);
  if (query.text === "") return [...things];
  const ranked = things.flatMap((thing) => {
    const name = searchable(nameOf(thing));
    const rank = matchName(name, query) ?? (hasWords(name.text, query) ? Number.MAX_SAFE_INTEGER : null);
    return rank === null ? [] : [{ thing, rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ thing }) => thing);
}
