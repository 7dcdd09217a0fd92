import { type Command, Option } from "commander";
import type { EndpointService } from "../catalog/service-endpoints.ts";
import { CordonError } from "../model/cordon-error.ts";
import type { SubnetFact } from "../model/fact.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { detoursOf } from "../reach/endpoint-detours.ts";
import { routeTableOf } from "../reach/route-table-view.ts";
import { closedWaysOut } from "../reach/way-out.ts";
import { toJson } from "../reports/json.ts";
import { type RoutesReport, routesEntry } from "../reports/routes.ts";
import { toRoutesText } from "../reports/routes-text.ts";
import { findResource } from "./find-resource.ts";
import { askEstate } from "./load.ts";
import { areExclusive, newEndpoint, parseEndpointService } from "./new-endpoints.ts";
import { addLiveOptions, addSourceOptions, type LiveSourceOptions, repeatable, type SourceOptions } from "./options.ts";
import { paperFor } from "./paper.ts";

interface Options extends SourceOptions, LiveSourceOptions {
  readonly withEndpoint?: readonly EndpointService[];
  readonly all?: true;
  readonly format: "text" | "json";
}

export function addRoutes(program: Command): void {
  const command = program
    .command("routes")
    .summary("print the effective routes of a subnet")
    .description("Prints the effective routes of a subnet, and what they would be with another service endpoint.")
    .argument("<subnet>", "a resource id, network/subnet, or the subnet's name alone");
  addLiveOptions(addSourceOptions(command))
    .addOption(
      repeatable("--with-endpoint <name>", "as if the subnet had it too: Microsoft.Storage", parseEndpointService),
    )
    .option("--all", "write out the prefixes of service tags")
    .addOption(new Option("--format <format>", "what to write").choices(["text", "json"]).default("text"))
    .addHelpText("after", "\nRepeat --with-endpoint to give several.")
    .action(printRoutes);
}

async function printRoutes(text: string, options: Options): Promise<void> {
  const services = [...new Set(options.withEndpoint)];
  const { report, firewalls } = await askEstate(
    options,
    ({ snapshot }) => findResource(text, "subnet", snapshot.ofKind("subnet")),
    (subnet, { snapshot, policy }) => ({
      report: reportOn(subnet, services, snapshot),
      firewalls: policy.firewalls,
    }),
  );
  const textOptions = { hasAllPrefixes: options.all === true, firewalls };
  const paper = paperFor(process.stdout, process.env);
  process.stdout.write(
    options.format === "json" ? toJson(routesEntry(report)) : toRoutesText(report, textOptions, paper),
  );
}

function reportOn(subnet: SubnetFact, services: readonly EndpointService[], snapshot: Snapshot): RoutesReport {
  const [one, other] = services.filter(({ name }) => services.some((second) => areExclusive(name, second.name)));
  if (one !== undefined && other !== undefined) {
    throw new CordonError("ERR_ENDPOINT_EXCLUDED", `no subnet can have both \`${one.name}\` and \`${other.name}\``);
  }
  const wanted = services.map((service) => ({ service, endpoint: newEndpoint(service, subnet, snapshot) }));
  const table = routeTableOf(
    subnet,
    snapshot,
    wanted.flatMap(({ endpoint }) => endpoint ?? []),
  );
  const endpoints = wanted.map(({ service: { name, scope }, endpoint }) => {
    if (endpoint === undefined) return { service: name, detours: [], note: "the subnet has it already" };
    const note = scope === "regionAndPair" ? "Azure adds the paired region, which is not shown here" : undefined;
    return { service: name, detours: detoursOf(subnet, endpoint, snapshot), note };
  });
  return { subnet: subnet.id, table, endpoints, closed: closedWaysOut(subnet, table.rows, snapshot) };
}
