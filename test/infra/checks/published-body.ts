import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { publishedType, type Schema, schemasAt, wordsOf } from "../../catalog/published-types.ts";
import { Unknown } from "../../support/bicep/value.ts";

const options = { strict: false, allErrors: true, verbose: true, validateFormats: false } as const;

/** In a body that is sent, what only answers contain is a mistake. */
const sent = new Ajv2020(options);
sent.removeKeyword("readOnly");
sent.addKeyword({ keyword: "readOnly", validate: (isReadOnly: boolean) => !isReadOnly });

/** What Azure's published type has against a body that is sent; what stays unknown fits anywhere. */
export const bodyMistakes = against(sent);

/** The same for a body that Azure answers with. */
export const answerMistakes = against(new Ajv2020(options));

function against(ajv: Ajv2020): (type: string, body: object) => readonly string[] {
  const validators = new Map<string, ValidateFunction>();
  return (type, body) => {
    const { type: canonical, schema } = publishedType(type);
    const validate = validators.get(canonical) ?? ajv.compile(kindByKind(schema, schema));
    validators.set(canonical, validate);
    return validate(body) ? [] : mistakesIn(body, validate.errors ?? []);
  };
}

function mistakesIn(body: object, errors: readonly ErrorObject[]): readonly string[] {
  const unknown = unknownIn(body, "");
  const isSettled = ({ instancePath }: ErrorObject) =>
    !unknown.some((path) => `${instancePath}/`.startsWith(`${path}/`));
  return [...new Set(errors.filter(isSettled).flatMap(worded))];
}

function unknownIn(value: unknown, path: string): readonly string[] {
  if (value instanceof Unknown) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    unknownIn(one, `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

/** With unions that ask for the kind that is meant alone, and do not say what all the others have against a body. */
function kindByKind(schema: Schema, root: Schema): Schema {
  const isUnion = "discriminator" in schema;
  const kept = Object.entries(schema).filter(
    ([keyword]) => !isUnion || !/^(oneOf|unevaluatedProperties)$/.test(keyword),
  );
  const changed = Object.fromEntries(kept.map(([keyword, value]) => [keyword, inside(value, root)]));
  return isUnion ? { ...changed, allOf: kindsOf(schema, root) } : changed;
}

function inside(value: unknown, root: Schema): unknown {
  if (Array.isArray(value)) return value.map((one) => inside(one, root));
  return typeof value === "object" && value !== null ? kindByKind({ ...value }, root) : value;
}

function kindsOf({ oneOf, discriminator, properties }: Schema, root: Schema): readonly Schema[] {
  const tag = String(Object(discriminator).propertyName);
  const kinds = (Array.isArray(oneOf) ? oneOf : []).map(({ $ref }) => {
    const kind = { type: "", apiVersion: "", schema: { ...root, $ref } };
    const own = schemasAt(kind, "").flatMap((schema) => Object.keys(Object(schema.properties)));
    const [word] = wordsOf(schemasAt(kind, `/${tag}`));
    return { word, $ref, names: [...Object.keys(Object(properties)), ...own] };
  });
  return [
    { required: [tag], properties: { [tag]: { enum: kinds.map(({ word }) => word) } } },
    ...kinds.map(({ word, $ref, names }) => ({
      if: { properties: { [tag]: { const: word } } },
      // biome-ignore lint/suspicious/noThenProperty: this is what JSON Schema calls it
      then: { $ref, propertyNames: { enum: names } },
    })),
  ];
}

function worded({ keyword, instancePath, params, message, data, propertyName }: ErrorObject): readonly string[] {
  const at = instancePath === "" ? "the body" : instancePath;
  if (propertyName !== undefined) return [`${at} has no \`${propertyName}\``];
  switch (keyword) {
    case "if":
    case "propertyNames":
      return [];
    case "readOnly":
      return [`${at} is read-only`];
    case "required":
      return [`${at} lacks \`${params.missingProperty}\``];
    case "additionalProperties":
      return [`${at} has no \`${params.additionalProperty}\``];
    case "enum":
      return [`${at} is ${JSON.stringify(data)}, and may be ${params.allowedValues.join(", ")}`];
    default:
      return [`${at} ${message}`];
  }
}
