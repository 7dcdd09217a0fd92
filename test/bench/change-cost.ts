import { performance } from "node:perf_hooks";
import { auditChanges } from "../../lib/audit-run.ts";
import { fold, ResourceId } from "../../lib/model/resource-id.ts";
import type { Body, World } from "../support/arm-simulator/world.ts";
import { answerAsked } from "../support/estate.ts";
import { auditedAzure } from "./audited-azure.ts";
import type { TableWork } from "./counting-table.ts";
import type { Shape } from "./estate-world.ts";

/** What one change took, what it has left to messages of its own included. */
export interface ChangeCost {
  readonly what: string;
  readonly requests: readonly string[];
  readonly milliseconds: number;
  readonly table: TableWork;
  /** Findings that were told of. */
  readonly told: number;
}

// Run by change-audits.ts in a process of its own: `node test/bench/change-cost.ts <size> <shape>` prints a ChangeCost[].
const [, , size = "1000", shape = "one subscription"] = process.argv;

/** Each of a landing zone's first block, so that it is the same at every size. */
const changes: Readonly<Record<string, (world: World, turn: number) => readonly string[]>> = {
  "firewall of a storage account": (world, turn) => {
    const account = bodyNamed(world, storageAccounts, `st0x${120 + 2 * turn}`);
    const { networkAcls, ...properties } = Object(account.properties);
    const ipRules = [...networkAcls.ipRules, { value: "192.0.2.7", action: "Allow" }];
    world.put({ ...account, properties: { ...properties, networkAcls: { ...networkAcls, ipRules } } });
    return [account.id];
  },
  "rule of an NSG": (world, turn) => {
    const group = bodyNamed(world, "microsoft.network/networksecuritygroups", `nsg-0-${turn}`);
    const { securityRules, ...properties } = Object(group.properties);
    const [rule, ...others] = securityRules;
    const opened = {
      ...rule,
      properties: {
        ...rule.properties,
        ...{ access: "Allow", direction: "Inbound", protocol: "*", priority: 100 },
        ...{ sourceAddressPrefix: "Internet", destinationPortRange: "22" },
      },
    };
    world.put({ ...group, properties: { ...properties, securityRules: [opened, ...others] } });
    return [group.id];
  },
  "private endpoint deleted": (world, turn) => {
    const endpoint = bodyNamed(world, "microsoft.network/privateendpoints", `pe-0-${turn}`);
    const account = bodyNamed(world, storageAccounts, `st0x${turn}`);
    world.delete(endpoint.id);
    world.put({ ...account, properties: { ...Object(account.properties), privateEndpointConnections: [] } });
    return [endpoint.id];
  },
  "write that rules cannot see": (world, turn) => {
    const account = bodyNamed(world, storageAccounts, `st0x${121 + 2 * turn}`);
    world.put({ ...account, properties: { ...Object(account.properties), accessTier: "Cool" } });
    return [account.id];
  },
};

const storageAccounts = "microsoft.storage/storageaccounts";

function bodyNamed(world: World, type: string, name: string): Body {
  const found = world.ofType(type, new Set(world.subscriptions)).find(({ id }) => id.endsWith(`/${name}`));
  if (found === undefined) throw new RangeError(`there is no ${name}`);
  return found;
}

const turns = 5;
const { app, azure, asked, takeTableWork, takeTold } = await auditedAzure(Number(size), shape as Shape);
const costs: ChangeCost[] = [];
for (const [what, change] of Object.entries(changes)) {
  for (let turn = 0; turn < turns; turn += 1) {
    const resources = change(azure.world, turn).flatMap((text) => {
      const id = ResourceId.parse(text);
      return id === undefined ? [] : [{ id, at: Date.now(), isDeleted: what.endsWith("deleted") }];
    });
    azure.log.length = 0;
    takeTableWork();
    takeTold();
    const start = performance.now();
    const nothingElse = { subjects: [], subscriptions: [], isForced: false, isRepeated: false, isLastDelivery: false };
    await auditChanges(app, { ...nothingElse, resources, reason: what });
    await answerAsked(app, asked);
    const milliseconds = performance.now() - start;
    costs.push({ what, requests: [...azure.log], milliseconds, table: takeTableWork(), told: takeTold() });
  }
}
await azure.close();
process.stdout.write(JSON.stringify(costs));
void fold;
