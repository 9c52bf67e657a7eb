// @vitest-environment node
import { describe, expect, it } from "vitest";
import { Chance } from "@/graph/random_cases";
import cases from "@/graph/type_fits.json";
import {
  FAMILIES,
  familyOf,
  fit as fitOf,
  formatType,
  hueOf,
  isUnknown,
  literalType,
  parseType,
  shapeOf,
} from "@/graph/types";

describe("whether types fit", () => {
  it("answers as the server does", () => {
    const wrong = cases.filter(({ source, target, answer }) => fitOf(source, target) !== answer);
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThan(200);
  });

  it("takes parsed types as well as texts", () => {
    expect(fitOf(parseType("int"), "float")).toBe("fits");
    expect(fitOf("str", parseType("int"))).toBe("converts");
    expect(fitOf("dict", "list")).toBe("unlikely");
  });

  it("tells a true from a one", () => {
    expect(fitOf("Literal[True]", "Literal[1]")).toBe("unlikely");
    expect(fitOf("Literal[1.0]", "Literal[1.00]")).toBe("fits");
    expect(fitOf("Literal[1]", "Literal[1]")).toBe("fits");
  });

  it("compares tuples of any length", () => {
    expect(fitOf("tuple[int, int]", "tuple[float, ...]")).toBe("fits");
    expect(fitOf("tuple[int, ...]", "tuple[int, int]")).toBe("unlikely");
    expect(fitOf("tuple[int]", "tuple[int, int]")).toBe("unlikely");
  });

  it("knows what says nothing", () => {
    expect([isUnknown("Any"), isUnknown("object | None"), isUnknown("list[Any]")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("type hints", () => {
  it.each([
    ["int", "int"],
    [" dict[ str ,list[ float ]] ", "dict[str, list[float]]"],
    ["Optional[int]", "int | None"],
    ["typing.Union[int, str, int]", "int | str"],
    ["int | (str | None)", "int | str | None"],
    ["'list[int]'", "list[int]"],
    ["Literal['a', \"b\", 1, -2, 1_000, 2.5, True, None]", "Literal['a', 'b', 1, -2, 1000, 2.5, True, None]"],
    ["Literal['it\\'s', 'a\\nb', '\\x41']", "Literal['it\\'s', 'a\\nb', 'A']"],
    ["Callable[[int, str], bool]", "Callable[[int, str], bool]"],
    ["tuple[int, ...]", "tuple[int, ...]"],
    ["tuple[()]", "tuple"],
    ["a.b.C", "a.b.C"],
    ["list[int,]", "list[int]"],
    ["größe", "größe"],
  ])("are read and written: %s", (text, written) => {
    expect(formatType(parseType(text))).toBe(written);
    expect(formatType(parseType(written))).toBe(written);
  });

  it.each([
    "",
    "int[",
    "int]",
    "1",
    "True",
    "int int",
    "list[]",
    "Union[]",
    "f()",
    "a.",
    "Literal[f()]",
    "$",
    "a,b",
    "'",
    "Literal[--1]",
    "Literal[-'a']",
  ])("are anything when they are none: %s", (text) => expect(parseType(text).name).toBe("Any"));

  it("are anything when they are absurdly deep or long", () => {
    expect(parseType("list[".repeat(100) + "]".repeat(100)).name).toBe("Any");
    expect(parseType("(".repeat(5000)).name).toBe("Any");
    expect(parseType("int | ".repeat(3000)).name).toBe("Any");
  });

  it("never fail, whatever they are made of", () => {
    const chance = new Chance(1);
    const parts = [
      "int",
      "str",
      "[",
      "]",
      "|",
      ",",
      "'",
      "Literal",
      ".",
      "(",
      ")",
      "-",
      "1",
      "...",
      " ",
      "\\",
      "None",
    ];
    for (let round = 0; round < 3000; round += 1) {
      const text = Array.from({ length: chance.below(12) }, () => chance.one(parts, "")).join("");
      const written = formatType(parseType(text));
      expect(formatType(parseType(written))).toBe(written);
    }
  });

  it("list the options of a parameter", () => {
    const text = literalType(["it's", "a\nb\\", 1, 2.5, true, null]);
    expect(formatType(parseType(text))).toBe(text);
    expect(parseType(text).literals.map(({ kind }) => kind)).toEqual([
      "str",
      "str",
      "int",
      "float",
      "bool",
      "None",
    ]);
  });
});

describe("families of types", () => {
  it.each([
    ["int | float", "number"],
    ["int | None", "number"],
    ["str", "text"],
    ["Literal['a', 'b']", "text"],
    ["Literal[1, 2]", "number"],
    ["Literal[1, 'a']", "any"],
    ["bool", "boolean"],
    ["dict[str, Any]", "data"],
    ["PIL.Image.Image", "image"],
    ["pandas.DataFrame", "table"],
    ["np.ndarray", "array"],
    ["pathlib.Path", "path"],
    ["Any", "any"],
    ["None", "any"],
    ["int | str", "any"],
    ["torch.nn.Module", "package"],
    ["Trigger", "trigger"],
  ])("%s is of %s", (type, family) => expect(familyOf(type)).toBe(family));

  it.each([
    ["float", true, "round"],
    ["list[int]", true, "square"],
    ["Iterator[str]", true, "diamond"],
    ["int | None", true, "ring"],
    ["int", false, "ring"],
    ["list[int] | None", false, "square"],
    ["Trigger", true, "triangle"],
    ["Any", true, "round"],
  ])("%s, required %s, is drawn %s", (type, required, shape) => expect(shapeOf(type, required)).toBe(shape));

  it("have a colour each", () => {
    const tokens = Object.values(FAMILIES).map(({ token }) => token);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it("give a package's type the same hue wherever it is imported from", () => {
    expect(hueOf("a.b.Model")).toBe(hueOf("Model | None"));
    expect(hueOf("Model")).not.toBe(hueOf("Modem"));
  });
});
