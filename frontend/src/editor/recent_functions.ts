/** The functions that were added lately, the latest first: what one uses is found first. */

const KEY = "psynapse.recent-functions";
const MOST = 30;

export function recentRefs(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((ref): ref is string => typeof ref === "string") : [];
  } catch {
    // A broken or forbidden store costs the order of a list, nothing more.
    return [];
  }
}

export function remember(ref: string): void {
  const refs = [ref, ...recentRefs().filter((other) => other !== ref)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(refs));
  } catch {
    // As above.
  }
}
