import { afterEach, describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { showWidget } from "@/widgets/widget_testing";

const PATH = { type: "string", format: "path" };

function pretendDesktop(browseDirectory: () => Promise<string | null>) {
  Reflect.set(window, "scope", { browseDirectory });
}

afterEach(() => Reflect.deleteProperty(window, "scope"));

describe("a path field", () => {
  it("is a text field in a browser", async () => {
    const { user, committed, screen } = showWidget(PATH, "");
    await user.type(screen.getByRole("textbox"), "a/b");
    expect(committed()).toBe("a/b");
    expect(screen.queryByRole("button", { name: /folder/ })).toBeNull();
    expect(await seriousFindings()).toEqual([]);
  });

  it("asks the desktop app for a folder", async () => {
    pretendDesktop(async () => "/data");
    const { user, committed, screen } = showWidget(PATH, "");
    await user.click(screen.getByRole("button", { name: "Choose a folder for value" }));
    expect(committed()).toBe("/data");
  });

  it("says when the dialog cannot be opened, and changes nothing when it is left", async () => {
    pretendDesktop(() => Promise.reject(new Error("no toolkit")));
    const { user, onChange, screen } = showWidget(PATH, "a");
    await user.click(screen.getByRole("button", { name: "Choose a folder for value" }));
    expect(await screen.findByText(/could not be opened/)).toBeTruthy();
    pretendDesktop(async () => null);
    await user.click(screen.getByRole("button", { name: "Choose a folder for value" }));
    expect(onChange).not.toHaveBeenCalled();
  });
});
