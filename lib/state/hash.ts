import { createHash } from "node:crypto";

/** Lower-case hex SHA-256 of the text in UTF-8. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
