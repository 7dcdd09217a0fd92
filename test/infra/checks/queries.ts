import type { Resource } from "../../support/bicep/reference.ts";
import type { Sources } from "../../support/bicep/sources.ts";
import { written } from "../../support/bicep/walk.ts";
import { analyzed, type Tables } from "../../support/kusto.ts";
import { deployed, scenarios } from "../scenarios.ts";

/** Of each table the columns that somebody could ask for: https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete */
const logs: Tables = {
  traces: { timestamp: "datetime", message: "string", severityLevel: "int", customDimensions: "dynamic" },
  requests: { timestamp: "datetime", name: "string", success: "string", duration: "real", customDimensions: "dynamic" },
  exceptions: { timestamp: "datetime", type: "string", outerMessage: "string", customDimensions: "dynamic" },
};

interface Criterion {
  readonly query: string;
  readonly dimensions: readonly { readonly name: string }[];
}

/** Queries of alerts that Azure would refuse, and alerts that are split by what their queries do not answer. */
export function wrongQueries(sources: Sources): readonly string[] {
  const mistakes = scenarios
    .flatMap((scenario) => deployed(sources, scenario).resources)
    .filter(({ type }) => type === "Microsoft.Insights/scheduledQueryRules")
    .flatMap(({ at, body }) =>
      criteriaIn(body)
        .flatMap(wrongIn)
        .map((what) => written(at, `${body.name}: ${what}`)),
    );
  return [...new Set(mistakes)];
}

export function criteriaIn(body: Resource["body"]): readonly Criterion[] {
  return Object(body.properties).criteria.allOf;
}

function wrongIn({ query, dimensions }: Criterion): readonly string[] {
  const { mistakes, columns } = analyzed(query, logs);
  const missing = dimensions.filter(({ name }) => !columns.includes(name));
  return [...mistakes, ...missing.map(({ name }) => `the query answers without \`${name}\``)];
}
