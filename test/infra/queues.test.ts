import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { closed, deployed, scenarios } from "./scenarios.ts";
import { templates } from "./templates.ts";

const root = new URL("../../", import.meta.url);

/** Everything that the app is made of. */
const sources = ["functions", "lib"].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, root), "utf8")),
);

function named(pattern: RegExp, among: readonly string[] = sources): readonly string[] {
  return among.flatMap((text) => [...text.matchAll(pattern)].map(([, name = ""]) => name));
}

/** `queue("findings")`, `queueName: "changes"`, `"audits-poison"`. */
const usedQueues = [
  ...named(/\bqueue\("([a-z-]+)"\)/g),
  ...named(/\bqueueName: "([a-z-]+)"/g),
  ...named(/"([a-z-]+-poison)"/g),
];

/** The host moves what it gives up into a queue of that name. */
const triggers = named(
  /\bqueueName: "([a-z-]+)"/g,
  sources.filter((text) => text.includes("app.storageQueue(")),
);

const { resources } = deployed(templates, closed);
const childrenOf = (type: string) =>
  resources
    .filter((one) => one.type === `Microsoft.Storage/storageAccounts/${type}` && !one.isExisting)
    .map(({ body }) => String(body.name));

describe("the storage of the deployed app has", () => {
  test("the queues that it uses, each one's poison queue, and no others", () => {
    expect(triggers).toEqual(expect.arrayContaining(["audits", "changes", "deliveries"]));
    const wanted = new Set([...usedQueues, ...triggers.map((name) => `${name}-poison`)]);
    expect(childrenOf("queueServices/queues").sort()).toEqual([...wanted].sort());
  });

  test("the table that it uses", () => {
    expect(childrenOf("tableServices/tables")).toEqual(named(/\bazureTable\(.*, "(\w+)"\)/g));
  });

  test("the containers that the app's package and undelivered events are put into, and no others", () => {
    const [site] = resources.filter(({ type, isExisting }) => type === "Microsoft.Web/sites" && !isExisting);
    const { value } = Object(site?.body.properties).functionAppConfig.deployment.storage;
    const deadLetters = eventSubscriptions.map(({ deadLetterDestination }) => deadLetterDestination.properties);
    const used = [
      value.expression.replace(/.*\}|'$/g, "").replace(/^.*\//, ""),
      ...deadLetters.map((one) => one.blobContainerName),
    ];
    expect(childrenOf("blobServices/containers").sort()).toEqual([...new Set(used)].sort());
  });
});

const eventSubscriptions = scenarios
  .flatMap((scenario) => deployed(templates, scenario).resources)
  .filter(({ type }) => type === "Microsoft.EventGrid/systemTopics/eventSubscriptions")
  .map(({ body }) => {
    const { deliveryWithResourceIdentity, deadLetterWithResourceIdentity } = Object(body.properties);
    return {
      destination: deliveryWithResourceIdentity.destination,
      deadLetterDestination: deadLetterWithResourceIdentity.deadLetterDestination,
    };
  });

test("events are delivered to a queue that a function is triggered by", () => {
  expect(eventSubscriptions.length).toBeGreaterThan(3);
  for (const { destination } of eventSubscriptions) {
    expect(destination.endpointType).toBe("StorageQueue");
    expect(triggers).toContain(destination.properties.queueName);
  }
});
