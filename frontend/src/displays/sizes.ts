/** Amounts in words. */

const format = new Intl.NumberFormat("en");

export function grouped(count: number): string {
  return format.format(count);
}

export function counted(count: number, word: string, plural = `${word}s`): string {
  return `${grouped(count)} ${count === 1 ? word : plural}`;
}

const UNITS = ["bytes", "kB", "MB", "GB"] as const;

/** Bytes in the unit in which they are one to three digits. */
export function sizeWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const amount = bytes / 1000 ** power;
  return `${power > 0 && amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[power]}`;
}
