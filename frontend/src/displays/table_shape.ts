/** Tables: what data frames, series and lists of records have in common. */

import { isObject, type Json, type JsonObject } from "@/graph/workflow";

export interface Table {
  readonly columns: readonly string[];
  readonly index: readonly Json[];
  readonly rows: readonly (readonly Json[])[];
}

const SAMPLE = 50;

/** A value as a table, if it is one. */
export function asTable(value: Json): Table | undefined {
  if (Array.isArray(value)) return areRecords(value) ? fromRecords(value, 0) : undefined;
  if (!isObject(value) || !Array.isArray(value.data) || !Array.isArray(value.index)) return undefined;
  const { columns, index, data } = value;
  if (data.length !== index.length) return undefined;
  if (Array.isArray(columns)) return fromFrame(columns, index, data);
  if (!Object.hasOwn(value, "name")) return undefined;
  return { columns: [nameOf(value.name ?? "value")], index, rows: data.map((cell) => [cell]) };
}

/** More of a table, from row `start` on: a single record is enough here. */
export function asPage(value: Json, start: number): Table | undefined {
  if (!Array.isArray(value)) return asTable(value);
  const records = value.filter(isObject);
  return records.length > 0 && records.length === value.length ? fromRecords(records, start) : undefined;
}

function fromFrame(
  columns: readonly Json[],
  index: readonly Json[],
  data: readonly Json[],
): Table | undefined {
  const rows = data.filter(Array.isArray);
  return rows.length === data.length ? { columns: columns.map(nameOf), index, rows } : undefined;
}

/** Objects of the same kind: most have most of the keys, and there is more than one. */
function areRecords(list: readonly Json[]): list is JsonObject[] {
  const sample = list.slice(0, SAMPLE);
  if (list.length < 2 || !sample.every(isRecord)) return false;
  const records = sample.filter(isRecord);
  const keys = new Set(records.flatMap(Object.keys));
  const filled = records.reduce((sum, record) => sum + Object.keys(record).length, 0);
  return (
    keys.size > 0 && keys.size <= 100 && filled >= 0.6 * keys.size * records.length && list.every(isObject)
  );
}

function isRecord(value: Json): value is JsonObject {
  return isObject(value) && !Object.keys(value).some((key) => key.startsWith("$"));
}

function fromRecords(records: readonly JsonObject[], start: number): Table {
  const columns = [...new Set(records.slice(0, 1000).flatMap(Object.keys))];
  return {
    columns,
    index: records.map((_, number) => start + number),
    rows: records.map((record) => columns.map((column) => record[column] ?? null)),
  };
}

/** Names of several levels are lists. */
function nameOf(name: Json): string {
  if (Array.isArray(name)) return name.map(nameOf).join(" / ");
  return typeof name === "string" ? name : JSON.stringify(name);
}

/** The rows of a page after those that are there. Columns of the page that are new come last. */
export function joined(table: Table, page: Table): Table {
  const columns = [...new Set([...table.columns, ...page.columns])];
  const places = columns.map((column) => page.columns.indexOf(column));
  const rows = page.rows.map((row) => places.map((place) => row[place] ?? null));
  return { columns, index: [...table.index, ...page.index], rows: [...table.rows, ...rows] };
}

/** Numbers are right-aligned: a column is one of numbers if most of its first cells are. */
export function isNumeric(table: Table, column: number): boolean {
  const cells = table.rows.slice(0, SAMPLE).map((row) => row[column]);
  const there = cells.filter((cell) => cell !== null && cell !== undefined);
  return there.length > 0 && there.filter(isNumber).length >= there.length / 2;
}

export function isNumber(cell: Json | undefined): boolean {
  return typeof cell === "number" || isNonFinite(cell);
}

/** JSON has no such numbers: they travel as their names. */
export function isNonFinite(value: Json | undefined): boolean {
  return value === "NaN" || value === "Infinity" || value === "-Infinity";
}
