/** Names for the rows of an editable list, so that a row keeps its focus and its draft when others move. */

import { useRef } from "react";

export interface RowIds {
  readonly ids: readonly number[];
  remove(index: number): void;
  move(from: number, to: number): void;
}

export function useRowIds(length: number): RowIds {
  const state = useRef({ next: 0, ids: [] as number[] });
  const { current } = state;
  while (current.ids.length < length) current.ids.push(current.next++);
  current.ids.length = length;
  return {
    ids: [...current.ids],
    remove: (index) => {
      current.ids = current.ids.toSpliced(index, 1);
    },
    move: (from, to) => {
      current.ids = moved(current.ids, from, to);
    },
  };
}

/** The list with one item taken out and put in elsewhere. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const taken = items.slice(from, from + 1);
  return items.toSpliced(from, 1).toSpliced(to, 0, ...taken);
}
