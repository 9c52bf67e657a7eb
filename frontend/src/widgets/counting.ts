/** Numbers with their words. */

const format = new Intl.NumberFormat("en");

export function counted(count: number, word: string, plural = `${word}s`): string {
  return `${format.format(count)} ${count === 1 ? word : plural}`;
}
