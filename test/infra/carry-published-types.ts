import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { resourcesOf } from "../support/bicep/walk.ts";
import { templates } from "./templates.ts";

/*
 * Carries the published types that the templates use into test/fixtures/arm-schema:
 *
 *     node test/infra/carry-published-types.ts <folder with the types of all of Azure>
 *
 * What is there already stays as it is.
 */

type Index = Readonly<Record<string, { readonly apiVersion: string; readonly file: string }>>;

interface Schema {
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly { readonly $ref?: string }[];
  readonly discriminator?: unknown;
  readonly additionalProperties?: unknown;
  readonly unevaluatedProperties?: unknown;
}

const fixtures = fileURLToPath(new URL("../fixtures/arm-schema", import.meta.url));
const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("say where the types are: a folder with an index.json");

const published = indexIn(source);
const carried = indexIn(fixtures);
const used = templates.bicep.flatMap((file) =>
  resourcesOf(templates.program(file)).map(({ type }) => type.replace(/@.*/, "")),
);
const missing = [...new Set(used)].filter((type) => carried[type] === undefined);
const unpublished = missing.filter((type) => published[type] === undefined);
if (unpublished.length > 0) throw new Error(`no such type in ${source}: ${unpublished.join(", ")}`);

const added = missing.flatMap((type) => {
  const entry = published[type];
  if (entry === undefined) return [];
  const schema: Schema = JSON.parse(readFileSync(join(source, entry.file), "utf8"));
  writeFileSync(join(fixtures, entry.file), `${JSON.stringify(withSharedProperties(schema))}\n`);
  return [[type, entry] as const];
});
const all = [...Object.entries(carried), ...added].sort(([one], [other]) => (one < other ? -1 : 1));
writeFileSync(join(fixtures, "index.json"), `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`);
process.stdout.write(`${added.map(([type]) => `added ${type}\n`).join("")}${missing.length} types were missing\n`);

function indexIn(folder: string): Index {
  return JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
}

/** The kinds of a union refuse the properties that stand with the union itself: so the union is what refuses all others. */
function withSharedProperties(schema: Schema): Schema {
  const definitions = Object.entries(schema.$defs ?? {});
  const unions = definitions.filter(([, { discriminator }]) => discriminator !== undefined);
  const kinds = unions.flatMap(([, { oneOf = [] }]) => oneOf.map(({ $ref = "" }) => $ref.replace("#/$defs/", "")));
  const changed = definitions.map(([name, definition]): [string, Schema] => {
    const { additionalProperties: _, ...open } = definition;
    if (definition.discriminator !== undefined) return [name, { ...definition, unevaluatedProperties: false }];
    return [name, kinds.includes(name) ? open : definition];
  });
  return { ...schema, $defs: Object.fromEntries(changed) };
}
