import type { Sources } from "../../support/bicep/sources.ts";
import { written } from "../../support/bicep/walk.ts";

const longest = 120;

/** Parameters and outputs that say nothing of what they are. */
export function undescribed(sources: Sources): readonly string[] {
  return sources.bicep.flatMap((file) => {
    const { parameters, outputs } = sources.program(file);
    return [...parameters, ...outputs].flatMap(({ name, decorators, at }) => {
      const [said] = decorators.filter((one) => one.name === "description").flatMap((one) => one.arguments);
      const isSaid = said?.kind === "literal" && String(said.value).trim() !== "";
      return isSaid ? [] : [written(at, `\`${name}\` has no description`)];
    });
  });
}

/** Parameters that switch something on or off: whoever deploys should not have to decide. */
export function switches(sources: Sources): readonly string[] {
  return sources.bicep.flatMap((file) =>
    sources
      .program(file)
      .parameters.filter(({ type }) => JSON.stringify(type).includes('"name":"bool"'))
      .map(({ name, at }) => written(at, `\`${name}\` is a switch`)),
  );
}

export function tooLong(sources: Sources): readonly string[] {
  return sources.bicep.flatMap((file) => {
    const lines = sources.text(file).trimEnd().split("\n").length;
    return lines > longest ? [`${file}:${lines}: more than ${longest} lines`] : [];
  });
}
