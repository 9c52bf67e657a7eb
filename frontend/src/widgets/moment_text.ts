/** Dates and times between ISO 8601, as Python writes it, and the browser's own fields. */

export type MomentKind = "date" | "time" | "datetime-local";

export interface Moment {
  /** What the browser's field takes. */
  readonly local: string;
  /** The offset from UTC, which the browser's fields do not know. */
  readonly zone: string;
}

const KINDS: Readonly<Record<string, MomentKind>> = {
  date: "date",
  time: "time",
  "date-time": "datetime-local",
};

export function kindOfMoment(format: unknown): MomentKind {
  return KINDS[String(format)] ?? "datetime-local";
}

const DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const TIME = String.raw`\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?`;
const ZONE = String.raw`(?<rest>\d*)(?<zone>Z|[+-]\d{2}:?\d{2})?`;
const FORMS: Readonly<Record<MomentKind, RegExp>> = {
  date: new RegExp(`^(?<local>${DATE})$`),
  time: new RegExp(`^(?<local>${TIME})${ZONE}$`),
  "datetime-local": new RegExp(`^(?<local>${DATE}[T ]${TIME})${ZONE}$`, "i"),
};

/** The parts of a text; null when the browser's field cannot show it. */
export function readMoment(text: string, kind: MomentKind): Moment | null {
  const found = FORMS[kind].exec(text.trim())?.groups;
  return found ? { local: (found.local ?? "").replace(" ", "T"), zone: found.zone ?? "" } : null;
}

/** The text of a field's content, with seconds, as Python writes it. */
export function writeMoment(local: string, kind: MomentKind, zone: string): string {
  const isShort = kind !== "date" && /(^|T)\d{2}:\d{2}$/.test(local);
  return `${local}${isShort ? ":00" : ""}${zone}`;
}
