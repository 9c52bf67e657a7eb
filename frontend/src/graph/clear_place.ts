/** The place nearest to a wanted one where a new node covers nothing. */

import { type Box, USUAL_SIZE } from "@/graph/boxes";
import type { Point } from "@/graph/workflow";

const GRID = 16;
const STEP = 48;
const GAP = 16;
/** Most nodes grow higher than they are at first. */
const ROOM = 200;
/** Farther away than this, covering something is the lesser evil. */
const MOST_RINGS = 24;

export function clearPlace(boxes: readonly Box[], wanted: Point): Point {
  const start = { x: onGrid(wanted.x), y: onGrid(wanted.y) };
  for (let ring = 0; ring <= MOST_RINGS; ring += 1) {
    const free = ringAround(start, ring).find((place) => !boxes.some((box) => covers(place, box)));
    if (free) return free;
  }
  return start;
}

/** The places of a square ring, below and at the sides before above: that is where people look next. */
function ringAround({ x, y }: Point, ring: number): Point[] {
  if (ring === 0) return [{ x, y }];
  const places: Point[] = [];
  for (let along = -ring; along <= ring; along += 1) {
    places.push({ x: x + along * STEP, y: y + ring * STEP });
    places.push({ x: x + ring * STEP, y: y + along * STEP }, { x: x - ring * STEP, y: y + along * STEP });
    places.push({ x: x + along * STEP, y: y - ring * STEP });
  }
  const far = (place: Point) => Math.hypot(place.x - x, place.y - y);
  return places.sort((a, b) => far(a) - far(b));
}

function covers(place: Point, box: Box): boolean {
  const { width } = USUAL_SIZE;
  return (
    place.x < box.x + box.width + GAP &&
    place.x + width + GAP > box.x &&
    place.y < box.y + Math.max(box.height, ROOM) + GAP &&
    place.y + ROOM + GAP > box.y
  );
}

function onGrid(value: number): number {
  return Math.round(value / GRID) * GRID;
}
