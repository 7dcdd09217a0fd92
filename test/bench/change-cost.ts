import { auditChanges } from "../../lib/audit-run.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import type { Body, World } from "../support/arm-simulator/world.ts";
import { answerAsked } from "../support/estate.ts";
import { auditedAzure } from "./audited-azure.ts";
import type { TableWork } from "./counting-table.ts";
import type { Shape } from "./estate-world.ts";

/** What one change took, what it has left to messages of its own included. */
export interface ChangeCost {
  readonly what: string;
  /** Of Azure. */
  readonly requests: number;
  readonly table: TableWork;
  /** Changes of findings that were told of. */
  readonly told: number;
}

// Run by change-audits.ts in a process of its own: `node test/bench/change-cost.ts <size> <shape>` prints a ChangeCost[].
const [, , size = "1000", shape = "one subscription"] = process.argv;

const storageAccounts = "microsoft.storage/storageaccounts";
const securityGroups = "microsoft.network/networksecuritygroups";
const privateEndpoints = "microsoft.network/privateendpoints";

/** Each is made some times, of another resource of the first landing zone each time: the same ones at every size. */
const changes: Readonly<Record<string, (world: World, turn: number) => string>> = {
  "the first of an instance": (world) => allowAddress(world, "st0x118"),
  "firewall of a storage account": (world, turn) => allowAddress(world, `st0x${120 + 2 * turn}`),
  "rule of an NSG": (world, turn) => {
    const { id, properties, ...rest } = bodyNamed(world, securityGroups, `nsg-0-${turn}`);
    const [rule, ...others] = Object(properties).securityRules;
    const opened = { ...rule, properties: { ...rule.properties, ...openToAll } };
    world.put({ id, ...rest, properties: { ...Object(properties), securityRules: [opened, ...others] } });
    return id;
  },
  "private endpoint deleted": (world, turn) => {
    const { id } = bodyNamed(world, privateEndpoints, `pe-0-${turn}`);
    const account = bodyNamed(world, storageAccounts, `st0x${turn}`);
    world.delete(id);
    world.put({ ...account, properties: { ...Object(account.properties), privateEndpointConnections: [] } });
    return id;
  },
  "write that no rule can see": (world, turn) => {
    const account = bodyNamed(world, storageAccounts, `st0x${121 + 2 * turn}`);
    world.put({ ...account, properties: { ...Object(account.properties), accessTier: "Cool" } });
    return account.id;
  },
};

const openToAll = {
  access: "Allow",
  direction: "Inbound",
  protocol: "*",
  priority: 100,
  sourceAddressPrefix: "Internet",
  destinationPortRange: "22",
};

function allowAddress(world: World, name: string): string {
  const { id, properties, ...rest } = bodyNamed(world, storageAccounts, name);
  const { networkAcls, ...others } = Object(properties);
  const ipRules = [...networkAcls.ipRules, { value: "192.0.2.7", action: "Allow" }];
  world.put({ id, ...rest, properties: { ...others, networkAcls: { ...networkAcls, ipRules } } });
  return id;
}

function bodyNamed(world: World, type: string, name: string): Body {
  const found = world.ofType(type, new Set(world.subscriptions)).find(({ id }) => id.endsWith(`/${name}`));
  if (found === undefined) throw new RangeError(`there is no ${name}`);
  return found;
}

const turnsOfEach = 5;
const { app, azure, asked, takeTableWork, takeTold } = await auditedAzure(Number(size), shape as Shape);
const costs: ChangeCost[] = [];
for (const [what, change] of Object.entries(changes)) {
  const turns = what.startsWith("the first") ? 1 : turnsOfEach;
  for (let turn = 0; turn < turns; turn += 1) {
    const id = ResourceId.parse(change(azure.world, turn));
    if (id === undefined) throw new RangeError("no id");
    azure.log.length = 0;
    takeTableWork();
    takeTold();
    const told = { id, at: Date.now(), isDeleted: what === "private endpoint deleted" };
    const nothingElse = { subjects: [], isForced: false, isRepeated: false, isLastDelivery: false };
    await auditChanges(app, { ...nothingElse, resources: [told], reason: what });
    await answerAsked(app, asked);
    costs.push({ what, requests: azure.log.length, table: takeTableWork(), told: takeTold() });
  }
}
await azure.close();
process.stdout.write(JSON.stringify(costs));
