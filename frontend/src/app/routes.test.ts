import { describe, expect, it } from "vitest";
import { formatRoute, parseRoute } from "@/app/routes";

describe("addresses", () => {
  it("name a workflow, whatever its name is made of", () => {
    const route = { page: "workflow", name: "a/b c%20?#ü" } as const;
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it("name a run", () => {
    expect(parseRoute("#/runs/abc")).toEqual({ page: "run", id: "abc" });
  });

  it.each(["nodes", "pipelines", "server", "log"] as const)("name a page of the settings: %s", (tab) => {
    expect(parseRoute(formatRoute({ page: "settings", tab }))).toEqual({ page: "settings", tab });
  });

  it.each(["", "#", "#/settings/else", "#/", "#/w/", "#/else/x", "#/w/%E0%A4%A"])(
    "that say nothing lead home: %s",
    (hash) => {
      expect(parseRoute(hash)).toEqual({ page: "home" });
    },
  );
});
