import * as z from "zod/mini";
import { isObject } from "../model/json-object.ts";
import type { Reading } from "./reader.ts";

/** What the service tag API answers, and what Microsoft publishes as a file once a week. */
const tagList = z.object({
  changeNumber: z.union([z.int(), z.string().check(z.regex(/^\d+$/))]),
  values: z.array(z.object({ name: z.string(), properties: z.object({ addressPrefixes: z.array(z.string()) }) })),
});

export function isServiceTagList(value: unknown): boolean {
  return isObject(value) && "changeNumber" in value && "values" in value;
}

export type ServiceTagReading = Extract<Reading, { readonly kind: "serviceTags" | "problem" }>;

export function readServiceTags(value: unknown, where: string): ServiceTagReading {
  const { data, error } = z.safeParse(tagList, value);
  if (data === undefined) {
    const [issue] = error.issues;
    const path = issue?.path.join(".") ?? "";
    return { kind: "problem", where, message: `not a list of service tags: \`${path}\` ${issue?.message ?? ""}` };
  }
  const values = data.values.map(({ name, properties: { addressPrefixes } }) => ({ name, addressPrefixes }));
  return { kind: "serviceTags", list: { changeNumber: Number(data.changeNumber), values } };
}
