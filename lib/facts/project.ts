import { apiVersionOf } from "../catalog/api-versions.ts";
import { catalog } from "../catalog/index.ts";
import type { Fact } from "../model/fact.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Projected } from "../model/snapshot-builder.ts";
import { type ArmResource, isFlattened, receive } from "./arm-resource.ts";
import { circuit } from "./circuit.ts";
import { network } from "./network.ts";
import { perimeterAccessRule, perimeterAssociation, perimeterConfiguration } from "./perimeter.ts";
import { privateEndpoint } from "./private-endpoint.ts";
import { service } from "./service.ts";
import { serviceChild } from "./service-child.ts";
import { subnet } from "./subnet.ts";

/** What one body gave, and what in it could not be understood. */
export interface Projection {
  readonly projected?: Projected;
  readonly problems: readonly string[];
}

interface FactsOfBody extends Omit<Projected, "isFull"> {
  /** False where the body lacks what rules need to see, although it has properties. */
  readonly isFull?: boolean;
  readonly problems: readonly string[];
}

type Projector = (resource: ArmResource) => FactsOfBody;

/** Turns a body as ARM returned it into facts; the body is not needed afterwards. */
export function project(body: unknown): Projection {
  const received = receive(body);
  if (received.kind === "problem") return { problems: [received.message] };
  const { resource } = received;
  const { problems, isFull = true, ...facts } = (projectors.get(resource.id.type) ?? single(other))(resource);
  const projected = { ...facts, isFull: isFull && resource.thinBecause === undefined };
  return { projected, problems: [...problems, ...flattening(resource)] };
}

/** Says what to record instead of the output of `az storage account list` and its like. */
function flattening({ id, body }: ArmResource): readonly string[] {
  const apiVersion = apiVersionOf(id.type);
  if (apiVersion === undefined || !isFlattened(body)) return [];
  const url = `https://management.azure.com${listOf(id)}?api-version=${apiVersion}`;
  return [
    `\`${id.text}\` is flattened command-line output (\`az storage account list\` and its like give settings other ` +
      `names and leave some out): record \`az rest --method get --url "${url}"\` instead`,
  ];
}

/** The path of the list that holds a resource: of its subscription, or of its parent. */
function listOf(id: ResourceId): string {
  const [, , subscription, , , , namespace, type, ...children] = id.text.split("/");
  if (children.length < 2) return `/subscriptions/${subscription}/providers/${namespace}/${type}`;
  return id.text.slice(0, id.text.lastIndexOf("/"));
}

function single(makeFact: (resource: ArmResource) => Fact): Projector {
  return (resource) => ({ fact: makeFact(resource), children: [], embeds: [], problems: [] });
}

/** An association of which it is not known what it associates could be that of any service. */
function association(resource: ArmResource): FactsOfBody {
  const fact = perimeterAssociation(resource);
  return { fact, isFull: fact.service !== undefined, children: [], embeds: [], problems: [] };
}

function other({ id }: ArmResource): Fact {
  return { kind: "other", id, names: [] };
}

/** Folded type → how its bodies become facts. Other types are known to exist, and no more. */
const projectors = new Map<string, Projector>([
  ["microsoft.network/virtualnetworks", network],
  ["microsoft.network/virtualnetworks/subnets", single(subnet)],
  ["microsoft.network/privateendpoints", single(privateEndpoint)],
  ["microsoft.network/expressroutecircuits", single(circuit)],
  ["microsoft.network/networksecurityperimeters/resourceassociations", association],
  ["microsoft.network/networksecurityperimeters/profiles/accessrules", single(perimeterAccessRule)],
  ...catalog.flatMap((source): [string, Projector][] => [
    [fold(source.type), single((resource) => service(resource, source))],
    [fold(`${source.type}/networkSecurityPerimeterConfigurations`), single(perimeterConfiguration)],
    ...source.children.map((child): [string, Projector] => [
      fold(`${source.type}/${child.type}`),
      single((resource) => serviceChild(resource, source)),
    ]),
  ]),
]);
