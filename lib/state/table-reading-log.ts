import type { ResourceId } from "../model/resource-id.ts";
import { hashOf } from "./hash.ts";
import type { ReadingLog, Readings } from "./reading-log.ts";
import type { Table, Values, Write } from "./table.ts";
import { limits } from "./table-limits.ts";
import { writeEach } from "./write-rows.ts";

/** On a table that others may use as well: a partition for each subscription, a row for each resource. */
export function tableReadingLog(table: Table): ReadingLog {
  return {
    async get(id) {
      const row = await table.get(partitionOf(id.subscription), rowOf(id));
      return row === undefined ? undefined : { readings: readingsOf(row.values), etag: row.etag };
    },

    async put(id, readings, before) {
      const [row, values] = [rowOf(id), valuesOf(id, readings)];
      const write: Write =
        before === undefined ? { kind: "insert", row, values } : { kind: "replace", row, etag: before.etag, values };
      return (await table.write(partitionOf(id.subscription), [write])) !== "conflict";
    },

    async since(subscription, at) {
      const rows = new Set<string>();
      for await (const { row, values } of table.list({ partition: partitionOf(subscription), select: ["startedAt"] })) {
        if (timeOf(values.startedAt) >= at) rows.add(row);
      }
      return (id) => rows.has(rowOf(id));
    },

    async forget(subscription, before) {
      const partition = partitionOf(subscription);
      const old: Write[] = [];
      for await (const { row, values } of table.list({ partition, select: ["startedAt"] })) {
        if (timeOf(values.startedAt) < before) old.push({ kind: "remove", row });
      }
      await writeEach(table, partition, old);
    },
  };
}

function partitionOf(subscription: string): string {
  return `readings-${subscription}`;
}

/** Ids have characters that keys must not have. */
function rowOf({ key }: ResourceId): string {
  return hashOf(key);
}

function valuesOf({ text }: ResourceId, { started, trailing }: Readings): Values {
  return {
    // for people who look into the table; longer ids than any that Azure gives are cut
    id: text.slice(0, limits.text),
    ...(started !== undefined && { startedAt: isoOf(started.at), startedBy: started.by }),
    ...(trailing !== undefined && {
      ...{ ticket: trailing.ticket, dueAt: isoOf(trailing.dueAt), latestAt: isoOf(trailing.latestAt) },
    }),
  };
}

function readingsOf({ startedAt, startedBy, ticket, dueAt, latestAt }: Values): Readings {
  return {
    ...(typeof startedBy === "string" && { started: { at: timeOf(startedAt), by: startedBy } }),
    ...(typeof ticket === "string" && { trailing: { ticket, dueAt: timeOf(dueAt), latestAt: timeOf(latestAt) } }),
  };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}

/** Long ago where there is none. */
function timeOf(value: unknown): number {
  return typeof value === "string" ? Date.parse(value) : 0;
}
