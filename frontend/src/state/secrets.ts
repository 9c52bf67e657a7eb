/** The names of the secrets that the server keeps. Their values go there and never come back. */

import { type Loaded, Resource } from "@/state/resource";
import { listSecrets, removeSecret, sendSecret } from "@/wire/routes";
import type { SecretInfo } from "@/wire/shapes";

export interface Secrets {
  readonly secrets: readonly SecretInfo[];
  readonly status: Loaded<unknown>["status"];
}

export const secretsResource = new Resource<readonly SecretInfo[]>([], (_, signal) => listSecrets(signal));

/** Loaded when first used, and kept up to date. */
export function useSecrets(): Secrets {
  const { value: secrets, status } = secretsResource.use();
  return { secrets, status };
}

/** Adds a secret or replaces its value. Throws Problem and Away. */
export async function putSecret(name: string, value: string): Promise<void> {
  await sendSecret(name, value);
  await secretsResource.refresh();
}

export async function deleteSecret(name: string): Promise<void> {
  await removeSecret(name);
  await secretsResource.refresh();
}
