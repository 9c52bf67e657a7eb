/** Image files as data URLs, which is how a workflow holds them. */

export const LARGEST_IMAGE = 10 * 1024 * 1024;

export type ImageReading =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly problem: string };

/** Reads an image that is small enough, or says why not. */
export async function readImage(file: File): Promise<ImageReading> {
  const name = file.name || "This";
  if (!file.type.startsWith("image/")) return refused(`${name} is not an image`);
  if (file.size > LARGEST_IMAGE) {
    return refused(`${name} has ${megabytes(file.size)}. An image can have 10 MB at most`);
  }
  try {
    return { ok: true, url: await dataUrl(file) };
  } catch {
    return refused(`${name} could not be read. Try again`);
  }
}

/** The first image among what was dropped or pasted, else any file, so that it can be refused with a reason. */
export function imageAmong(files: Iterable<File>): File | undefined {
  const all = [...files];
  return all.find((file) => file.type.startsWith("image/")) ?? all[0];
}

/** The bytes that a base64 data URL holds. */
export function sizeOfDataUrl(url: string): number {
  const content = url.slice(url.indexOf(",") + 1);
  return Math.floor((content.replace(/=+$/, "").length * 3) / 4);
}

export function megabytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const [size, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "kB"] : [bytes / 1024 / 1024, "MB"];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

function refused(problem: string): ImageReading {
  return { ok: false, problem };
}

function dataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
