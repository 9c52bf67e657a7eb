// @vitest-environment node
import { describe, expect, it } from "vitest";
import { makeCatalog } from "@/graph/catalog";
import { CATALOG, largeWorkflow, node, param, quickest, schema, workflow } from "@/graph/random_cases";
import { searchBuiltIn, searchNodes, searchSchemas } from "@/graph/searching";
import { LEVELS } from "@/graph/text_match";

const catalog = makeCatalog([
  schema("resort", [param("x", "int")]),
  schema("sort_list", [param("items", "list")], "list"),
  schema("list_sort_keys", [param("x", "int")], "list"),
  schema("sort", [param("items", "list")], "list"),
  schema("sorting_hat", [param("name", "str")], "str"),
  schema("shuffle", [param("items", "list")], "list", { docstring: "The opposite of sort." }),
  schema("word_count", [param("text", "str")], "int", { docstring: "Count words.", nodepack: "text" }),
  schema("ParseCSVFile", [param("text", "str")], "list"),
]);
const names = (text: string, options = {}) =>
  searchSchemas(catalog, text, options).map(({ schema: { name } }) => name);

describe("searching functions", () => {
  it("ranks exact names before beginnings, words, parts and descriptions", () => {
    expect(names("sort")).toEqual([
      "sort",
      "sort_list",
      "sorting_hat",
      "list_sort_keys",
      "resort",
      "shuffle",
    ]);
  });

  it.each([
    ["word count", "word_count"],
    ["wordcount", "word_count"],
    ["WORD_COUNT", "word_count"],
    ["count word", "word_count"],
    ["wrdcnt", "word_count"],
    ["wrod", "word_count"],
    ["cuont", "word_count"],
    ["shufle", "shuffle"],
    ["shhuffle", "shuffle"],
    ["shutfle", "shuffle"],
    ["parse csv", "ParseCSVFile"],
    ["csv file", "ParseCSVFile"],
    ["text count", "word_count"],
  ])("finds by %s", (text, name) => expect(names(text)[0]).toBe(name));

  it("finds nothing for nonsense and for very short slips", () => {
    expect(names("qqqq")).toEqual([]);
    expect(names("zz")).toEqual([]);
  });

  it("lists all without a text, those used lately first", () => {
    expect(names(" ").length).toBe(catalog.schemas.length);
    const recent = ["basic/ops.py:shuffle", "basic/ops.py:resort"];
    expect(names("", { recent }).slice(0, 2)).toEqual(["shuffle", "resort"]);
  });

  it("puts the name before own use", () => {
    expect(names("sort", { recent: ["basic/ops.py:shuffle"] })[0]).toBe("sort");
    expect(names("sor", { recent: ["basic/ops.py:sorting_hat"] })[0]).toBe("sorting_hat");
  });

  it("leaves out what does not fit and puts precise fits first", () => {
    const fits = { type: "list[str]", side: "output" } as const;
    expect(names("sort", { fits })).toEqual(["sort", "sort_list", "shuffle"]);
    const [first] = searchSchemas(CATALOG, "", { fits });
    expect(first).toMatchObject({
      schema: { name: "join" },
      handle: "items",
      fit: "fits",
      level: LEVELS.exact,
    });
  });

  it("copes with accents and other scripts", () => {
    const foreign = makeCatalog([schema("größe", []), schema("合計", []), schema("café", [])]);
    expect(
      ["grosse", "grö", "合", "cafe"].map((text) => searchSchemas(foreign, text)[0]?.schema.name),
    ).toEqual([undefined, "größe", "合計", "café"]);
  });

  it("is quick among 5,000 functions", () => {
    const many = makeCatalog(
      Array.from({ length: 5000 }, (_, index) =>
        schema(`do_${index}_thing_${index % 77}`, [param("x", "int")], "int", {
          docstring: "Does some thing well. ".repeat(5),
        }),
      ),
    );
    const queries = ["thing", "do 77", "thng", "nothing like it", "well", "do_4999"];
    const milliseconds = quickest(12, () => {
      for (const text of queries) searchSchemas(many, text);
    });
    expect(milliseconds / queries.length).toBeLessThan(5);
  });
});

describe("searching the built-in kinds", () => {
  it("finds them by title and description", () => {
    expect(searchBuiltIn("").map(({ title }) => title)).toEqual(["Variable", "List", "View"]);
    expect(searchBuiltIn("vew").map(({ title }) => title)).toEqual(["View"]);
    expect(searchBuiltIn("varable").map(({ title }) => title)).toEqual(["Variable"]);
    expect(searchBuiltIn("shows").map(({ title }) => title)).toEqual(["View"]);
  });

  it("offers those with a port on the other side", () => {
    expect(searchBuiltIn("", "output").map(({ title }) => title)).toEqual(["List", "View"]);
    expect(searchBuiltIn("", "input").map(({ title }) => title)).toEqual(["Variable", "List"]);
  });
});

describe("finding in a workflow", () => {
  const flow = workflow(
    [
      node("add_1", "functionNode", { functionName: "add", label: "Total price", a: 5 }),
      node("variable_1", "variableNode", { variableValue: "Apples and pears", variableType: "String" }),
      node("picture", "variableNode", {
        variableType: "Image",
        variableValue: "data:image/png;base64,total",
      }),
      node("list_1", "listNode", { odd: { deep: ["needle"] } }),
    ],
    [],
    [{ id: "note_1", x: 0, y: 0, width: 1, height: 1, text: `Price list ${"of many things ".repeat(20)}` }],
  );
  const found = (text: string) => searchNodes(flow, CATALOG, text).map(({ id }) => id);

  it("looks at titles, functions, ids, values and notes, in this order", () => {
    expect(found("price")).toEqual(["add_1", "note_1"]);
    expect(found("add")).toEqual(["add_1"]);
    expect(found("variable_1")[0]).toBe("variable_1");
    expect(found("pears")).toEqual(["variable_1"]);
    expect(found("needle")).toEqual(["list_1"]);
    expect(found("totl")).toEqual(["add_1"]);
    expect(found("")).toEqual([]);
    expect(found("nowhere")).toEqual([]);
  });

  it("does not look into pictures", () => {
    expect(found("base64")).toEqual([]);
    expect(found("total")).toEqual(["add_1"]);
  });

  it("says what it found", () => {
    expect(searchNodes(flow, CATALOG, "pears")[0]).toMatchObject({
      title: "Variable",
      found: "apples and pears",
    });
    expect(searchNodes(flow, CATALOG, "many")[0]?.found).toHaveLength(81);
  });

  it("is quick among 5,000 nodes", () => {
    const large = largeWorkflow(5000);
    const queries = ["add_4999", "ad", "nothing", "add", "4711"];
    const milliseconds = quickest(12, () => {
      for (const text of queries) searchNodes(large, CATALOG, text);
    });
    expect(milliseconds / queries.length).toBeLessThan(5);
  });
});
