/** When something was, in words that people use. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A time as the server says it: ISO 8601, or seconds since 1970. */
export function timeOf(time: string | number): Date {
  return new Date(typeof time === "number" ? time * 1000 : time);
}

export function timeInWords(time: string | number, now = Date.now()): string {
  const date = timeOf(time);
  const ago = now - date.getTime();
  if (Number.isNaN(ago)) return "";
  if (ago < MINUTE) return "just now";
  if (ago < 60 * MINUTE) return `${Math.floor(ago / MINUTE)} min ago`;
  const clock = date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === new Date(now).toDateString()) return `today ${clock}`;
  if (date.toDateString() === new Date(now - DAY).toDateString()) return `yesterday ${clock}`;
  return `${date.toLocaleDateString(undefined, { dateStyle: "medium" })} ${clock}`;
}
