import { expect, it } from "vitest";
import { factMaker } from "../../lib/facts/fact-maker.ts";
import { settled } from "../../lib/facts/settings.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";
import { idOf, networkId } from "../support/builders.ts";

/** Makes facts that count how often they are judged. */
function counted() {
  const judged: string[] = [];
  const make = factMaker("natGateway", ["/properties"], {
    publicIpAddressesV6: ({ id }) => {
      judged.push(id.name);
      return settled([id]);
    },
    publicIpAddresses: () => settled([]),
    publicIpPrefixes: () => settled([]),
    publicIpPrefixesV6: () => settled([]),
    network: () => settled(undefined),
    names: ({ id }) => [id],
  });
  return { judged, make: (name: string) => make({ id: idOf(`${networkId}-${name}`), body: { properties: {} } }) };
}

it("a fact is judged once while others ask little", () => {
  const { judged, make } = counted();
  const [one, other] = [make("one"), make("other")];
  const answers = [
    one.publicIpAddressesV6,
    other.publicIpAddressesV6,
    one.publicIpAddressesV6,
    one.names,
    one.publicIpAddressesV6,
  ];
  expect(answers[0]).toMatchObject({ value: [{ name: "vnet-one" }] });
  expect(answers[4]).toBe(answers[0]);
  expect(judged).toEqual(["vnet-one", "vnet-other"]);
});

it("what was asked long ago is judged again, with the same answer", () => {
  const { judged, make } = counted();
  const one = make("one");
  const before = one.publicIpAddressesV6;
  for (let count = 0; count < 5_000; count++) expect(make(String(count)).names).toHaveLength(1);
  expect(one.publicIpAddressesV6).toEqual(before);
  expect(one.publicIpAddressesV6).not.toBe(before);
  expect(judged).toEqual(["vnet-one", "vnet-one"]);
});

it("ids of one text are one object, of another case another with the same key", () => {
  expect(ResourceId.parse(networkId)).toBe(ResourceId.parse(` ${networkId}`.trim()));
  expect(ResourceId.parse(networkId.toUpperCase())?.key).toBe(ResourceId.parse(networkId)?.key);
});
