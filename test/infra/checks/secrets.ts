import type { Sources } from "../../support/bicep/sources.ts";
import { rootsOf, within, written } from "../../support/bicep/walk.ts";

/** Texts that give somebody access. */
const looks: readonly (readonly [RegExp, string])[] = [
  [
    /\b(Account|SharedAccess|Access)Key\s*=|DefaultEndpointsProtocol\s*=|SharedAccessSignature\s*=/i,
    "a connection string",
  ],
  [/[?&]sig=|\bsv=\d{4}-\d\d-\d\d&/i, "a shared access signature"],
  [/\bInstrumentationKey\s*=/i, "a connection string"],
  [/whsec_[A-Za-z\d+/]{8}/, "a webhook's key"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\./, "a token"],
  // Long names of types have few digits, and no sign at their end.
  [/(?<![A-Za-z\d+/])(?:(?=(?:[A-Za-z+/]*\d){5})[A-Za-z\d+/]{42,}|[A-Za-z\d+/]{42,}=)/, "a key in base64"],
  [/(?<![\da-f])[\da-f]{40,}(?![\da-f])/i, "a key in hexadecimal digits"],
  [/:\/\/[^/\s:@']+:[^/\s@']+@/, "a password in an address"],
];

/** Names of what must not be written down. */
const secretNames =
  /(password|pwd|secret|token|(account|shared|access|api|function|master|signing)_?key|connection_?string)$/i;

/** What reads keys out of a resource, into the template or its outputs. */
const reading = /\b(list(Keys|\w*Sas|\w*Secrets?|\w*ConnectionStrings|\w*Credentials)|getSecret)\s*\(/g;

/** Secrets that are written into a file, read by it, or asked for without protection. */
export function secrets(sources: Sources): readonly string[] {
  return sources.files.flatMap((file) => {
    const text = sources.text(file);
    const lines = text.split("\n");
    return [
      ...lines.flatMap((line, index) => {
        const found = looks.filter(([look]) => look.test(line)).map(([, what]) => `this looks like ${what}`);
        const read = [...line.matchAll(reading)].map(([call]) => `\`${call})\` reads a secret`);
        return [...found, ...read].map((what) => `${file}:${index + 1}: ${what}`);
      }),
      ...(file.endsWith(".bicep") ? namedSecrets(sources, file) : []),
    ];
  });
}

function namedSecrets(sources: Sources, file: string): readonly string[] {
  const program = sources.program(file);
  return [
    ...program.parameters
      .filter(({ name, decorators }) => secretNames.test(name) && !decorators.some((one) => one.name === "secure"))
      .map(({ name, at }) => written(at, `the parameter \`${name}\` is not \`@secure\``)),
    ...program.outputs
      .filter(({ name }) => secretNames.test(name))
      .map(({ name, at }) => written(at, `the output \`${name}\` would be kept with the deployment`)),
    ...rootsOf(program).flatMap(({ expression: root, of }) =>
      within(root).flatMap(({ expression }) => {
        if (expression.kind !== "object" || of === "decorator") return [];
        return expression.properties
          .filter(({ key, value }) => typeof key === "string" && secretNames.test(key) && isText(value))
          .map(({ key, at }) => written(at, `the value of \`${String(key)}\` is written down`));
      }),
    ),
  ];
}

function isText(value: { readonly kind: string; readonly value?: unknown }): boolean {
  const isReference = typeof value.value === "string" && value.value.startsWith("@Microsoft.KeyVault(");
  return value.kind === "literal" && typeof value.value === "string" && value.value !== "" && !isReference;
}
