/** Packages that somebody would like to have installed: a link, a workflow. They fill the form and do nothing else. */

import { create } from "zustand";

export interface PackageWishes {
  /** What the form is filled with. */
  readonly spec: string;
  /** Where that came from, in words for the user; nothing where they typed it. */
  readonly from: string;
  /** Others that wait. */
  readonly waiting: readonly string[];
  /** The user has asked for all of them: the next one is looked at when its turn comes. */
  readonly asked: boolean;
}

const NONE: PackageWishes = { spec: "", from: "", waiting: [], asked: false };

export const useWishes = create<PackageWishes>()(() => NONE);

/** Fills the form. Of what was in it, only what others have wished for is kept; it waits. */
export function wish(specs: readonly string[], from: string, asked = false): void {
  const before = useWishes.getState();
  const others = before.from === "" ? [] : [before.spec, ...before.waiting];
  const [first = "", ...rest] = [...new Set([...specs, ...others])];
  useWishes.setState({ spec: first, from, waiting: rest, asked });
}

/** What the user types into the form. */
export function typeWish(spec: string): void {
  useWishes.setState({ spec, from: "" });
}

/** That one is done with; the next takes its place. Returns it when it is to be looked at. */
export function nextWish(): string | null {
  const { from, waiting, asked } = useWishes.getState();
  const [first, ...rest] = waiting;
  useWishes.setState(first === undefined ? NONE : { spec: first, from, waiting: rest });
  return first !== undefined && asked ? first : null;
}
