/** Data URLs: what is in them, and their bytes. */

export interface DataUrl {
  readonly mime: string;
  /** Of the content, in bytes. */
  readonly size: number;
  readonly url: string;
}

const HEADER = /^data:([\w.+-]+\/[\w.+-]+)?((?:;[\w.+-]+=[^;,]*)*)(;base64)?,/;
/** A header is short; a text of megabytes must not be searched for one. */
const LONGEST_HEADER = 200;

/** The data URL that a text is. Bytes whose kind the server did not know are recognised by how they begin. */
export function asDataUrl(text: string): DataUrl | undefined {
  if (!text.startsWith("data:")) return undefined;
  const found = HEADER.exec(text.slice(0, LONGEST_HEADER));
  if (!found) return undefined;
  const [header, mime = "text/plain", , base64] = found;
  const length = text.length - header.length;
  const size = base64 ? Math.floor((length * 3) / 4) - padding(text) : length;
  const known = mime === "application/octet-stream" && base64 ? sniffed(text.slice(header.length)) : mime;
  return {
    mime: known,
    size,
    url: known === mime ? text : `data:${known};base64,${text.slice(header.length)}`,
  };
}

function padding(text: string): number {
  return text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
}

/** How files begin: letters, their place, and what they are. */
const BEGINNINGS: readonly (readonly [string, number, string])[] = [
  ["\x89PNG", 0, "image/png"],
  ["\xff\xd8\xff", 0, "image/jpeg"],
  ["GIF8", 0, "image/gif"],
  ["WEBP", 8, "image/webp"],
  ["WAVE", 8, "audio/wav"],
  ["ID3", 0, "audio/mpeg"],
  ["\xff\xfb", 0, "audio/mpeg"],
  ["OggS", 0, "audio/ogg"],
  ["fLaC", 0, "audio/flac"],
  ["ftyp", 4, "video/mp4"],
  ["\x1aE\xdf\xa3", 0, "video/webm"],
  ["%PDF", 0, "application/pdf"],
  ["PK\x03\x04", 0, "application/zip"],
];

function sniffed(base64: string): string {
  const begin = String.fromCharCode(...bytesOf(base64.slice(0, 32)));
  return BEGINNINGS.find(([letters, at]) => begin.startsWith(letters, at))?.[2] ?? "application/octet-stream";
}

/** The content as a file. */
export function blobOf({ mime, url }: DataUrl): Blob {
  const comma = url.indexOf(",");
  const content = url.slice(comma + 1);
  const isBase64 = url.slice(0, comma).endsWith(";base64");
  return new Blob([isBase64 ? bytesOf(content) : decodeURIComponent(content)], { type: mime });
}

/** The first bytes of the content. */
export function firstBytes({ url }: DataUrl, count: number): Uint8Array<ArrayBuffer> {
  const comma = url.indexOf(",");
  if (!url.slice(0, comma).endsWith(";base64"))
    return new TextEncoder().encode(url.slice(comma + 1, comma + 1 + count));
  return bytesOf(url.slice(comma + 1, comma + 1 + Math.ceil(count / 3) * 4)).slice(0, count);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** The usual ending of a file's name. */
export function endingOf(mime: string): string {
  const [, kind = "bin"] = mime.split("/");
  const known: Readonly<Record<string, string>> = {
    "octet-stream": "bin",
    jpeg: "jpg",
    "svg+xml": "svg",
    mpeg: "mp3",
    plain: "txt",
    markdown: "md",
  };
  return known[kind] ?? kind.replace(/^x-/, "").replace(/[^\w].*$/, "");
}
