import { expect, test } from "vitest";
import type { ReachEntry } from "../../lib/reports/schema.ts";
import { type Wider, wideningOf } from "../../lib/reports/wider-reach.ts";

const nobody: ReachEntry = {
  ...{ widest: "nobody", atLeast: "nobody", atMost: "nobody" },
  ...{ addresses: [], subnets: [], privateEndpoints: [], exceptions: [] },
};

function at(door: ReachEntry["atLeast"], rest: Partial<ReachEntry> = {}): ReachEntry {
  return { ...nobody, widest: door, atLeast: door, atMost: door, ...rest };
}

const subnet = "/subscriptions/s/x/snet-app";
const everybody = at("internet", { addresses: ["0.0.0.0/0"] });
const half = at("internet", { addresses: ["0.0.0.0/1"] });
const unclear: ReachEntry = { ...nobody, widest: "unknown", atMost: "internet", because: ["a value nobody knows"] };

test.each<{ when: string; before: ReachEntry; after: ReachEntry; want: Wider; gained?: object }>([
  { when: "nothing is different", before: half, after: half, want: "no" },
  {
    ...{ when: "an address is new", before: at("addresses", { addresses: ["203.0.113.4"] }), want: "yes" },
    ...{ after: at("addresses", { addresses: ["203.0.113.4/31"] }), gained: { addresses: ["203.0.113.5"] } },
  },
  {
    ...{ when: "looks new: the same addresses, cut elsewhere", before: half, want: "no" },
    after: at("internet", { addresses: ["0.0.0.0/2", "64.0.0.0/2"] }),
  },
  {
    ...{ when: "a subnet is new", before: nobody, after: at("subnets", { subnets: [subnet] }) },
    ...{ want: "yes", gained: { subnets: [subnet] } },
  },
  {
    ...{ when: "looks new: a subnet in another spelling", before: at("subnets", { subnets: [subnet] }), want: "no" },
    after: at("subnets", { subnets: [subnet.toUpperCase()] }),
  },
  {
    ...{ when: "an exception is new", before: half, after: { ...half, exceptions: ["AzureServices"] }, want: "yes" },
    gained: { exceptions: ["AzureServices"] },
  },
  {
    ...{ when: "looks new: a private endpoint of what was open to all", before: everybody, want: "no" },
    after: at("private", { privateEndpoints: ["/pe"], exceptions: ["AzureServices"] }),
  },
  {
    ...{ when: "a private endpoint of what was open to half of all", before: half, want: "yes" },
    ...{ after: at("private", { privateEndpoints: ["/pe"] }), gained: { privateEndpoints: ["/pe"] } },
  },
  {
    ...{ when: "a private endpoint where only a part was open to all", want: "yes" },
    before: { ...everybody, parts: ["SCM site"] },
    ...{ after: at("private", { privateEndpoints: ["/pe"] }), gained: { privateEndpoints: ["/pe"] } },
  },
  {
    ...{ when: "IPv6 is new where all of IPv4 got in", before: everybody, want: "yes" },
    after: at("internet", { addresses: ["0.0.0.0/0", "2001:db8::/32"], hasIpv6: true }),
    gained: { addresses: ["2001:db8::/32"] },
  },
  { when: "every tenant's workloads get in now", before: nobody, after: at("azure"), want: "yes" },
  { when: "an entrance in a network of its own is new", before: nobody, after: at("private"), want: "yes" },
  {
    ...{ when: "all of the service is open, not a part", before: { ...everybody, parts: ["SCM site"] } },
    ...{ after: everybody, want: "yes" },
  },
  {
    ...{ when: "another part is open", before: { ...everybody, parts: ["SCM site"] }, want: "yes" },
    after: { ...everybody, parts: ["main site"] },
  },
  {
    when: "looks wider: only a part is open now",
    before: everybody,
    after: { ...everybody, parts: ["a"] },
    want: "no",
  },
  { when: "everybody may get in", before: nobody, after: unclear, want: "unknown" },
  { when: "everybody may have got in, and may still", before: unclear, after: unclear, want: "no" },
  {
    when: "everybody may have got in, and does",
    before: unclear,
    after: everybody,
    want: "yes",
    gained: { addresses: ["0.0.0.0/0"] },
  },
  { when: "looks wider: everybody may get in still", before: everybody, after: unclear, want: "no" },
])("$when", ({ before, after, want, gained = {} }) => {
  const none = { addresses: [], subnets: [], privateEndpoints: [], exceptions: [] };
  expect(wideningOf(before, after)).toEqual({ wider: want, gained: { ...none, ...gained } });
});
