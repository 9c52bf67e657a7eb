/** Numbers as people type them, and what a schema says about them. */

import type { JsonObject } from "@/graph/workflow";
import type { Reading } from "@/widgets/draft";
import { alternativesOf } from "@/widgets/schema_reading";

export interface NumberRules {
  readonly integer: boolean;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly above: number | undefined;
  readonly below: number | undefined;
  readonly multipleOf: number | undefined;
}

/** The rules of a number, or the loosest of several kinds of them. */
export function rulesOf(schema: JsonObject): NumberRules {
  const { schemas } = alternativesOf(schema);
  const only = schemas.length === 1 ? schemas[0] : undefined;
  return {
    integer: schemas.every(({ type }) => type === "integer"),
    minimum: numeric(only, "minimum"),
    maximum: numeric(only, "maximum"),
    above: numeric(only, "exclusiveMinimum"),
    below: numeric(only, "exclusiveMaximum"),
    multipleOf: numeric(only, "multipleOf"),
  };
}

function numeric(schema: JsonObject | undefined, key: string): number | undefined {
  const value = schema?.[key];
  return typeof value === "number" ? value : undefined;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads a number. Nothing typed means that nothing is set. */
export function readNumber(text: string, rules: NumberRules): Reading {
  const typed = text.trim().replace(/(?<=\d)[_\u00a0\u202f ](?=\d)/g, "");
  if (typed === "") return { ok: true, value: undefined };
  if (!NUMBER.test(typed)) return { ok: false, problem: notANumber(typed) };
  const value = Number(typed);
  const problem = numberProblem(value, rules);
  return problem === undefined ? { ok: true, value } : { ok: false, problem };
}

function notANumber(typed: string): string {
  if (NUMBER.test(typed.replace(",", "."))) return "Use a point for decimals, not a comma";
  return /^[+-]?(nan|inf(inity)?)$/i.test(typed)
    ? "Only finite numbers can be set here"
    : "This is not a number";
}

/** Why a number is not allowed. */
export function numberProblem(value: number, rules: NumberRules): string | undefined {
  if (!Number.isFinite(value)) return "This number is too large";
  if (rules.integer && !Number.isInteger(value)) return "Use a whole number";
  if (rules.integer && !Number.isSafeInteger(value))
    return "This number has too many digits to be kept exactly";
  if (rules.minimum !== undefined && value < rules.minimum) return `Use ${rules.minimum} or more`;
  if (rules.maximum !== undefined && value > rules.maximum) return `Use ${rules.maximum} or less`;
  if (rules.above !== undefined && value <= rules.above) return `Use more than ${rules.above}`;
  if (rules.below !== undefined && value >= rules.below) return `Use less than ${rules.below}`;
  if (rules.multipleOf && !isMultiple(value, rules.multipleOf))
    return `Use a multiple of ${rules.multipleOf}`;
  return undefined;
}

function isMultiple(value: number, step: number): boolean {
  const times = value / step;
  // Tenths are not exact in binary.
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
}

/** The number some steps away, as far as the rules allow. */
export function stepped(value: number, steps: number, rules: NumberRules): number {
  const step = stepOf(value, rules);
  const digits = Math.min(15, Math.max(decimals(step), decimals(value)));
  // Without rounding, 0.1 and two steps of 0.1 make 0.30000000000000004.
  const moved = Number((value + steps * step).toFixed(digits));
  const least = rules.minimum ?? (rules.above === undefined ? -Infinity : rules.above + step);
  const most = rules.maximum ?? (rules.below === undefined ? Infinity : rules.below - step);
  return Math.min(Math.max(moved, least), most);
}

/** Numbers below one go by their leading digit, so that 0.001 and 1000 both move sensibly. */
function stepOf(value: number, rules: NumberRules): number {
  if (rules.multipleOf) return rules.multipleOf;
  if (rules.integer || Number.isInteger(value)) return 1;
  return Math.abs(value) >= 1 ? 0.1 : 10 ** Math.floor(Math.log10(Math.abs(value)));
}

/** A slider of decimals has about a hundred positions, on round numbers. */
export function sliderStep(rules: NumberRules): number {
  if (rules.multipleOf) return rules.multipleOf;
  if (rules.integer) return 1;
  return 10 ** Math.floor(Math.log10(((rules.maximum ?? 1) - (rules.minimum ?? 0)) / 50));
}

function decimals(value: number): number {
  const [, fraction = "", exponent = "0"] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}
