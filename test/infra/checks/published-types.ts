import { publishedType, schemasAt } from "../../catalog/published-types.ts";
import type { Sources } from "../../support/bicep/sources.ts";
import type { Expression, Program } from "../../support/bicep/syntax.ts";
import { partsOf, resourcesOf, rootsOf, written } from "../../support/bicep/walk.ts";

/** Types and api-versions that Azure does not publish, and properties that are read of a resource and that its type lacks. */
export function unpublished(sources: Sources): readonly string[] {
  return sources.bicep.flatMap((file) => {
    const program = sources.program(file);
    return [...strangeTypes(program), ...strangeReads(program)];
  });
}

function strangeTypes(program: Program): readonly string[] {
  return resourcesOf(program).flatMap(({ type: written_, at }) => {
    const [type = "", apiVersion] = written_.split("@");
    const published = find(type);
    if (published instanceof Error) return [written(at, published.message)];
    if (published.type !== type) return [written(at, `\`${type}\` is spelled \`${published.type}\``)];
    const isNewest = published.apiVersion === apiVersion;
    return isNewest
      ? []
      : [written(at, `the published api-version of ${type} is ${published.apiVersion}, not ${apiVersion}`)];
  });
}

function find(type: string) {
  try {
    return publishedType(type);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** `app.properties.defaultHostName`, and not what is only a part of such a chain. */
function strangeReads(program: Program): readonly string[] {
  return rootsOf(program).flatMap(({ expression }) =>
    chainsIn(expression).flatMap((chain) => strangeRead(chain, program)),
  );
}

function chainsIn(expression: Expression): readonly Expression[] {
  const isChain = expression.kind === "member" || expression.kind === "index" || expression.kind === "nested";
  if (!isChain) return partsOf(expression).flatMap(({ part }) => chainsIn(part));
  const indexes = expression.kind === "index" ? chainsIn(expression.index) : [];
  const inBase = chainsIn(expression.base).filter((one) => one !== expression.base);
  return [expression, ...indexes, ...inBase];
}

function strangeRead(chain: Expression, program: Program): readonly string[] {
  const path: string[] = [];
  let base = chain;
  for (; base.kind === "member" || base.kind === "index"; base = base.base) {
    path.unshift(base.kind === "member" ? base.name : "*");
  }
  if (base.kind !== "variable" && base.kind !== "nested") return [];
  const { name } = base;
  const resource = resourcesOf(program).find((one) => one.name === name);
  if (resource === undefined) return [];
  const published = find(resource.type.replace(/@.*/, ""));
  if (published instanceof Error) return [];
  const names = "list" in resource.body ? path.slice(1) : path;
  const isKnown = names.length === 0 || schemasAt(published, `/${names.join("/")}`).length > 0;
  return isKnown ? [] : [written(chain.at, `a ${published.type} has no \`${names.join(".")}\``)];
}
