import { readAddress } from "./addresses.ts";
import type { Given } from "./given.ts";

export interface WebhookSettings {
  readonly url: URL;
  /** The newest first. */
  readonly secrets: readonly string[];
}

const secretName = "CORDON_WEBHOOK_SECRET";

/** Undefined where there is none, or where something is wrong with it. */
export function readWebhook(given: Given): WebhookSettings | undefined {
  const url = readAddress(given, "CORDON_WEBHOOK_URL");
  const secrets = given.optional(secretName)?.split(/\s+/);
  if (secrets === undefined) return undefined;
  const mistake = secrets.map(mistakeIn).find((found) => found !== undefined);
  if (mistake !== undefined) return given.refuse(secretName, mistake);
  return url && { url, secrets };
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
function mistakeIn(secret: string): string | undefined {
  if (secret.startsWith("@Microsoft.KeyVault")) return "is a reference to Key Vault that Azure could not follow";
  const [, encoded = ""] = /^whsec_(.+)$/.exec(secret) ?? [];
  const bytes = Buffer.from(encoded, "base64");
  if (encoded === "" || bytes.toString("base64") !== encoded) return "must be `whsec_` and a key in base64";
  return bytes.length < 24 || bytes.length > 64 ? `has ${bytes.length} bytes, it needs 24 to 64` : undefined;
}
