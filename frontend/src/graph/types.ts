/** Whether a value of one type can go to an input of another: the same rules as the server's. */

import { type Literal, membersOf, parseType, shortName, type TypeExpr } from "@/graph/type_syntax";

export { FAMILIES, type Family, familyOf, hueOf, isOptional, type Shape, shapeOf } from "@/graph/families";
export { formatType, literalType, parseType, type TypeExpr } from "@/graph/type_syntax";

/** As it is, converted on the way, or probably a mistake. */
export type Fit = "fits" | "converts" | "unlikely";

/** What a value of one type is as well, one step up. */
const PARENTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["bool", ["int"]],
  ["int", ["float"]],
  ["float", ["complex"]],
  ["list", ["Sequence", "MutableSequence"]],
  ["tuple", ["Sequence"]],
  ["str", ["Sequence"]],
  ["bytes", ["Sequence"]],
  ["MutableSequence", ["Sequence"]],
  ["Sequence", ["Collection"]],
  ["set", ["Set"]],
  ["frozenset", ["Set"]],
  ["Set", ["Collection"]],
  ["dict", ["Mapping"]],
  ["AnnotatedDict", ["dict"]],
  ["defaultdict", ["dict"]],
  ["OrderedDict", ["dict"]],
  ["Mapping", ["Collection"]],
  ["Collection", ["Iterable"]],
  ["Iterator", ["Iterable"]],
  ["datetime", ["date"]],
]);
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ["List", "list"],
  ["Dict", "dict"],
  ["Tuple", "tuple"],
  ["Type", "type"],
  ["FrozenSet", "frozenset"],
  ["NoneType", "None"],
]);
const UNKNOWN: ReadonlySet<string> = new Set(["Any", "any", "object"]);
const SCALARS: ReadonlySet<string> = new Set(["int", "float", "str", "bool"]);
const MOST_REMEMBERED = 20_000;

const remembered = new Map<string, Fit>();

export function fit(source: TypeExpr | string, target: TypeExpr | string): Fit {
  if (typeof source !== "string" || typeof target !== "string") return fitOf(read(source), read(target));
  const key = `${source}\n${target}`;
  const known = remembered.get(key);
  if (known) return known;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const answer = fitOf(parseType(source), parseType(target));
  remembered.set(key, answer);
  return answer;
}

/** True for `Any` and the like, which fit everything and therefore say nothing. */
export function isUnknown(type: TypeExpr | string): boolean {
  return membersOf(read(type)).some((member) => UNKNOWN.has(plain(member)));
}

function read(type: TypeExpr | string): TypeExpr {
  return typeof type === "string" ? parseType(type) : type;
}

function fitOf(source: TypeExpr, target: TypeExpr): Fit {
  if (isAssignable(source, target)) return "fits";
  if (membersOf(target).some((member) => SCALARS.has(plain(member))) && mayConvert(source)) return "converts";
  // A union fits when one of its members does: the others fail when they really come.
  const someFit = source.name === "|" && source.args.some((member) => fitOf(member, target) !== "unlikely");
  return someFit ? "converts" : "unlikely";
}

function mayConvert(source: TypeExpr): boolean {
  return membersOf(source).some((member) => SCALARS.has(plain(member)) || member.literals.length > 0);
}

/** True when every value of `source` is a value of `target`, as far as names tell. */
function isAssignable(source: TypeExpr, target: TypeExpr): boolean {
  if (UNKNOWN.has(plain(source)) || UNKNOWN.has(plain(target))) return true;
  if (source.literals.length > 1) return source.literals.every((one) => isAssignable(literal(one), target));
  if (source.name === "|") return source.args.every((member) => isAssignable(member, target));
  if (target.name === "|") return target.args.some((member) => isAssignable(source, member));
  if (source.literals.length > 0 || target.literals.length > 0) return literalFits(source, target);
  return isKindOf(plain(source), plain(target)) && argsFit(source, target);
}

function literal(one: Literal): TypeExpr {
  return { name: "Literal", args: [], literals: [one] };
}

function literalFits(source: TypeExpr, target: TypeExpr): boolean {
  if (target.literals.length === 0) {
    return source.literals.every(({ kind }) => isAssignable({ name: kind, args: [], literals: [] }, target));
  }
  if (source.literals.length === 0) return false;
  return source.literals.every((one) => target.literals.some((other) => isSameLiteral(one, other)));
}

function isSameLiteral(one: Literal, other: Literal): boolean {
  if (one.kind !== other.kind) return false;
  if (one.text === other.text) return true;
  return one.kind === "float" && Number(one.text) === Number(other.text);
}

function isKindOf(name: string, wanted: string): boolean {
  return name === wanted || (PARENTS.get(name) ?? []).some((parent) => isKindOf(parent, wanted));
}

/** Position by position, as read-only containers are compared; differing counts are let pass. */
function argsFit(source: TypeExpr, target: TypeExpr): boolean {
  if (plain(source) !== plain(target) || source.args.length === 0 || target.args.length === 0) return true;
  if (plain(target) === "tuple") return tupleFits(source.args, target.args);
  return source.args.length !== target.args.length || allFit(source.args, target.args);
}

function tupleFits(source: readonly TypeExpr[], target: readonly TypeExpr[]): boolean {
  const [item, rest] = target;
  if (item && target.length === 2 && rest?.name === "...") {
    return source.every((one) => one.name === "..." || isAssignable(one, item));
  }
  const isOpen = source.some((one) => one.name === "...");
  return !isOpen && source.length === target.length && allFit(source, target);
}

function allFit(source: readonly TypeExpr[], target: readonly TypeExpr[]): boolean {
  return source.every((one, index) => {
    const other = target[index];
    return other === undefined || isAssignable(one, other);
  });
}

function plain(type: TypeExpr): string {
  const short = shortName(type.name);
  return SPELLINGS.get(short) ?? short;
}
