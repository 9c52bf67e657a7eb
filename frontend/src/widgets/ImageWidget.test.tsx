import { fireEvent, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { LARGEST_IMAGE } from "@/widgets/image_file";
import { showWidget } from "@/widgets/widget_testing";

const IMAGE = { type: "string", format: "image" };
const FIELD = "value: choose an image";

function png(size = 3): File {
  return new File([new Uint8Array(size)], "photo.png", { type: "image/png" });
}

describe("an image field", () => {
  it("takes a file as a data URL, shows it and lets it go", async () => {
    const { user, committed, screen } = showWidget(IMAGE);
    await user.upload(screen.getByLabelText(FIELD), png());
    await waitFor(() => expect(committed()).toBe("data:image/png;base64,AAAA"));
    expect(screen.getByText("PNG, 3 bytes")).toBeTruthy();
    expect(await seriousFindings()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Remove the image of value" }));
    expect(committed()).toBeUndefined();
  });

  it("takes a pasted image", async () => {
    const { committed, screen } = showWidget(IMAGE);
    fireEvent.paste(screen.getByLabelText(FIELD), { clipboardData: { files: [png()] } });
    await waitFor(() => expect(committed()).toMatch(/^data:image\/png/));
  });

  it("refuses what is too large, with both sizes", async () => {
    const { user, onChange, screen } = showWidget(IMAGE);
    await user.upload(screen.getByLabelText(FIELD), png(LARGEST_IMAGE + 1));
    expect(await screen.findByText("photo.png has 10 MB. An image can have 10 MB at most")).toBeTruthy();
    expect(onChange).not.toHaveBeenCalled();
  });

  it("refuses what is no image", async () => {
    const { screen } = showWidget(IMAGE);
    const text = new File(["x"], "notes.txt", { type: "text/plain" });
    fireEvent.change(screen.getByLabelText(FIELD), { target: { files: [text] } });
    expect(await screen.findByText("notes.txt is not an image")).toBeTruthy();
  });
});
