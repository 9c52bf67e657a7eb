import { describe, expect, it, vi } from "vitest";
import { cached, isMissingCode } from "@/ui/code_there";

describe("bringing code into the browser's cache", () => {
  it("is tried until a file has come whole", async () => {
    const asked = vi
      .spyOn(globalThis, "fetch")
      .mockRejectedValueOnce(new TypeError("Failed to fetch"))
      .mockResolvedValueOnce(new Response("starting", { status: 503 }))
      .mockResolvedValueOnce(new Response(cutOff()))
      .mockResolvedValue(new Response("code"));
    await cached("./assets/part.js", 1);
    expect(asked).toHaveBeenCalledTimes(4);
  });

  it("ends when the server has no such file", async () => {
    const asked = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("", { status: 404 }));
    await cached("./assets/part.js", 1);
    expect(asked).toHaveBeenCalledOnce();
  });
});

/** A body whose server goes away. */
function cutOff(): ReadableStream {
  return new ReadableStream({ start: (controller) => controller.error(new TypeError("network error")) });
}

describe("an error of a module that did not come", () => {
  it.each([
    "Failed to fetch dynamically imported module: http://127.0.0.1:8000/assets/RightPanel.js",
    "error loading dynamically imported module: http://127.0.0.1:8000/assets/RightPanel.js",
    "Importing a module script failed.",
  ])("is known by its words: %s", (words) => expect(isMissingCode(new TypeError(words))).toBe(true));

  it("is not taken for one of the part itself", () => {
    expect(isMissingCode(new TypeError("x is not a function"))).toBe(false);
  });
});
