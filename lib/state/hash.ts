import { hash } from "node:crypto";

/** Lower-case hex SHA-256 of the text in UTF-8. */
export function hashOf(text: string): string {
  return hash("sha256", text, "hex");
}
