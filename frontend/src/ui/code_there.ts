/**
 * The code that the first picture does without, brought into the browser's cache before any of it is imported.
 *
 * A browser remembers for the life of a page that a module could not be fetched, so a server that is away at the wrong
 * moment would leave a part of the page dead. From the cache everything comes without the server, even when it was
 * updated meanwhile and has these files no more.
 */

import { backoff, pause } from "@/wire/waiting";

const FIRST_DELAY = 250;
const LONGEST_DELAY = 5_000;

let there: Promise<unknown> | undefined;

/** Resolves once all code is there, however long the server is away before that. */
export function codeThere(): Promise<unknown> {
  there ??= Promise.all(listedFiles().map((name) => cached(`./${name}`)));
  return there;
}

/** What the build listed; nothing while developing. */
function listedFiles(): string[] {
  return JSON.parse(document.getElementById("code")?.textContent ?? "[]");
}

/** Fetches a file until it has come whole, or the server answers that there is none. */
export async function cached(url: string, firstDelay = FIRST_DELAY): Promise<void> {
  for (let failures = 0; ; failures++) {
    try {
      const answer = await fetch(url, { priority: "low" });
      await answer.arrayBuffer();
      // Another word than a server's trouble of the moment stays; the import says what it means.
      if (answer.status < 500) return;
    } catch {
      // The server is away, or went away on the way.
    }
    await pause(backoff(failures, firstDelay, LONGEST_DELAY));
  }
}

/** Whether an error is a module that could not be fetched: only loading the page anew mends that. */
export function isMissingCode(error: Error): boolean {
  return /dynamically imported module|importing a module script failed/i.test(error.message);
}
