import { expect, test } from "vitest";
import { parseChange } from "../../lib/events/change.ts";
import { passOn } from "../../lib/events/pass-on.ts";
import samples from "../fixtures/azure-events.json" with { type: "json" };

const published = [
  ...samples.eventGridSchema.flat(),
  ...samples.cloudEvents10,
  ...samples.resourceNotificationsEventGrid.flat(),
  ...samples.resourceNotificationsCloudEvent,
];

test.each(published)("$id of Azure's samples goes on untouched", (event) => {
  const before = structuredClone(event);
  expect(passOn(event)).toEqual({ to: "changes", message: before });
});

/** As the host writes an object: https://www.newtonsoft.com/json, indented, with the line ends of Windows at worst. */
function hostSize(message: unknown): number {
  const text = JSON.stringify(message, undefined, 2).replaceAll("\n", "\r\n");
  return Buffer.from(text).toString("base64").length;
}

const [event] = samples.resourceNotificationsCloudEvent;
const padded = (text: string) => ({ ...event, data: { ...event?.data, padding: text } });

test("an event that just fits a message goes on untouched, a larger one as a request for the same", () => {
  const sizes = Array.from({ length: 40 }, (_, index) => 47_000 + index * 50);
  for (const size of sizes) {
    const given = padded("x".repeat(size));
    const { to, message } = passOn(given);
    expect(to).toBe("changes");
    expect(hostSize(message)).toBeLessThanOrEqual(65_536);
    if (hostSize(given) <= 65_536) expect(message).toBe(given);
    else expect(message).toMatchObject({ v: 1, kind: "read" });
    expect(parseChange(message)).toEqual(parseChange(given));
  }
});

test("what counts is bytes, not characters, and every line", () => {
  expect(passOn(padded("é".repeat(30_000))).message).toMatchObject({ kind: "read" });
  const many = { ...event, data: { ...event?.data, padding: Array.from({ length: 6000 }, () => 1) } };
  expect(hostSize(passOn(many).message)).toBeLessThanOrEqual(65_536);
});

test("what nobody understands is set aside, cut where it is too large", () => {
  const strange = { id: "e1", eventType: "Microsoft.Storage.BlobCreated", data: {} };
  expect(passOn(strange)).toEqual({
    to: "poison",
    message: strange,
    because: "cannot understand event `e1`: `Microsoft.Storage.BlobCreated` is not a type of event that Cordon knows",
  });
  const large = passOn({ ...strange, padding: "x".repeat(60_000) });
  expect(large).toMatchObject({ to: "poison", message: { cut: expect.stringMatching(/^\{"id":"e1",/) } });
  expect(hostSize(large.message)).toBeLessThanOrEqual(65_536);
});
