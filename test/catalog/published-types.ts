import { readFileSync } from "node:fs";
import { fold } from "../../lib/model/resource-id.ts";

/** A JSON Schema, as far as these tests look into one. */
export type Schema = Readonly<Record<string, unknown>>;

export interface PublishedType {
  readonly type: string;
  readonly apiVersion: string;
  readonly schema: Schema;
}

const folder = new URL("../fixtures/arm-schema/", import.meta.url);

export const publishedTypes: readonly PublishedType[] = Object.entries(readJson("index.json")).map(([type, entry]) => {
  const { apiVersion, file } = Object(entry);
  return { type, apiVersion: String(apiVersion), schema: readJson(String(file)) };
});

const byType = new Map(publishedTypes.map((published) => [fold(published.type), published]));

/** Throws, naming what is missing, where Azure's type is not among the fixtures. */
export function publishedType(type: string): PublishedType {
  const published = byType.get(fold(type));
  if (published !== undefined) return published;
  throw new Error(`carry the published type of ${type} into test/fixtures/arm-schema, with a line in its index.json`);
}

/** What the schema allows at a JSON pointer: no schema where the path does not exist; `*` is any element of an array. */
export function schemasAt({ schema: root }: PublishedType, pointer: string): readonly Schema[] {
  let current = alternatives(root, root);
  for (const name of pointer.split("/").slice(1)) {
    current = current.flatMap((schema) => {
      const next = name === "*" ? schema.items : Object(schema.properties)[name];
      return isSchema(next) ? alternatives(next, root) : [];
    });
  }
  return current;
}

/** The words of the enumerations among these schemas, and those that stand for booleans. */
export function wordsOf(schemas: readonly Schema[]): readonly string[] {
  return schemas.flatMap(({ type, enum: words, const: word }) => {
    if (type === "boolean") return ["false", "true"];
    const all: readonly unknown[] = Array.isArray(words) ? words : [word];
    return all.filter((one) => typeof one === "string");
  });
}

/** The schema itself and all that it refers to or combines; Azure's types never combine themselves in a circle. */
function alternatives(schema: Schema, root: Schema): readonly Schema[] {
  const parts = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  const target = typeof schema.$ref === "string" ? Object(root.$defs)[schema.$ref.replace("#/$defs/", "")] : undefined;
  return [schema, ...[target, ...parts].filter(isSchema).flatMap((part) => alternatives(part, root))];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readJson(file: string): Schema {
  const value: unknown = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
  if (!isSchema(value)) throw new TypeError(`${file} holds no object`);
  return value;
}
