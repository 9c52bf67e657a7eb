/** Families of types: what a port's colour and shape tell. */

import { membersOf, parseType, shortName, type TypeExpr } from "@/graph/type_syntax";

export type Family =
  | "number"
  | "text"
  | "boolean"
  | "data"
  | "image"
  | "table"
  | "array"
  | "path"
  | "any"
  | "trigger"
  | "package";

/** A port is drawn round for one value, square for a list, as a diamond for a stream, as a ring when optional. */
export type Shape = "round" | "square" | "diamond" | "ring" | "triangle";

export interface FamilyLook {
  readonly label: string;
  /** The colour's token in app/tokens.css. */
  readonly token: string;
  /** The shape of a single value of the family. */
  readonly shape: Shape;
}

export const FAMILIES: Readonly<Record<Family, FamilyLook>> = {
  number: { label: "Number", token: "--port-number", shape: "round" },
  text: { label: "Text", token: "--port-text", shape: "round" },
  boolean: { label: "True or false", token: "--port-boolean", shape: "round" },
  data: { label: "List or object", token: "--port-data", shape: "round" },
  image: { label: "Image", token: "--port-image", shape: "round" },
  table: { label: "Table", token: "--port-table", shape: "round" },
  array: { label: "Array", token: "--port-array", shape: "round" },
  path: { label: "File or folder", token: "--port-path", shape: "round" },
  any: { label: "Anything", token: "--port-any", shape: "round" },
  trigger: { label: "Trigger", token: "--port-trigger", shape: "triangle" },
  package: { label: "Other", token: "--port-package", shape: "round" },
};

const LISTS = [
  "list",
  "List",
  "tuple",
  "Tuple",
  "set",
  "Set",
  "frozenset",
  "FrozenSet",
  "Sequence",
  "MutableSequence",
];
const COLLECTIONS = [...LISTS, "Collection", "Iterable", "deque"];
const OBJECTS = [
  "dict",
  "Dict",
  "Mapping",
  "MutableMapping",
  "AnnotatedDict",
  "defaultdict",
  "OrderedDict",
  "TypedDict",
];
const STREAMS = ["Iterator", "Generator", "AsyncIterator", "AsyncIterable", "AsyncGenerator"];

const NAMES: readonly (readonly [Family, readonly string[]])[] = [
  ["number", ["int", "float", "complex", "Decimal", "Fraction", "Number"]],
  ["text", ["str", "bytes", "bytearray", "LiteralString"]],
  ["boolean", ["bool"]],
  ["data", [...COLLECTIONS, ...STREAMS, ...OBJECTS, "Json", "JsonValue"]],
  ["image", ["Image", "PngImageFile", "JpegImageFile", "Figure"]],
  ["table", ["DataFrame", "LazyFrame", "Series", "Table"]],
  ["array", ["ndarray", "NDArray", "Tensor", "Array"]],
  [
    "path",
    [
      "Path",
      "PurePath",
      "PosixPath",
      "FilePath",
      "DirectoryPath",
      "NewPath",
      "PathLike",
      "IO",
      "TextIO",
      "BinaryIO",
    ],
  ],
  ["any", ["Any", "any", "object", "None", "NoneType"]],
  ["trigger", ["Trigger"]],
];

const FAMILY_OF = new Map(NAMES.flatMap(([family, names]) => names.map((name) => [name, family] as const)));
const LITERAL_FAMILIES = {
  str: "text",
  int: "number",
  float: "number",
  bool: "boolean",
  None: "any",
} as const;
const isList = new Set(COLLECTIONS);
const isStream = new Set(STREAMS);

/** The family of a type. A union of several families could be anything; None beside a type changes nothing. */
export function familyOf(type: TypeExpr | string): Family {
  const found = new Set(valued(read(type)).flatMap(familiesOfMember));
  const [first = "any"] = found;
  return found.size === 1 ? first : "any";
}

function familiesOfMember(member: TypeExpr): Family[] {
  if (member.literals.length > 0) return member.literals.map(({ kind }) => LITERAL_FAMILIES[kind]);
  const name = shortName(member.name);
  // How a Literal is called when its options are listed beside it.
  if (name === "Literal") return ["text"];
  return [FAMILY_OF.get(name) ?? "package"];
}

/** How a port of the type is drawn; one that need not be connected is `required: false`. */
export function shapeOf(type: TypeExpr | string, required = true): Shape {
  const expr = read(type);
  const names = valued(expr).map(({ name }) => shortName(name));
  if (familyOf(expr) === "trigger") return "triangle";
  if (names.length > 0 && names.every((name) => isStream.has(name))) return "diamond";
  if (names.length > 0 && names.every((name) => isList.has(name))) return "square";
  return !required || isOptional(expr) ? "ring" : FAMILIES[familyOf(expr)].shape;
}

/** True when None is one of the members. */
export function isOptional(type: TypeExpr | string): boolean {
  return membersOf(read(type)).some(isNone);
}

/** A hue from 0 to 359 for a type of a package: the same everywhere, so that its ports are known again. */
export function hueOf(type: TypeExpr | string): number {
  const [first] = valued(read(type));
  let hash = 0;
  for (const character of shortName(first?.name ?? "")) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  }
  // Steps of the golden angle keep names that hash to neighbours apart.
  return Math.round((hash * 137.508) % 360) % 360;
}

function valued(type: TypeExpr): readonly TypeExpr[] {
  return membersOf(type).filter((member) => !isNone(member));
}

function isNone({ name }: TypeExpr): boolean {
  return name === "None" || shortName(name) === "NoneType";
}

function read(type: TypeExpr | string): TypeExpr {
  return typeof type === "string" ? parseType(type) : type;
}
