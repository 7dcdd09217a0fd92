import { describe, expect, test } from "vitest";
import { findResource } from "../../lib/cli/find-resource.ts";
import { ResourceId } from "../../lib/model/resource-id.ts";

const subnet = (group: string, network: string, name: string) => {
  const id = `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/${network}/subnets/${name}`;
  const parsed = ResourceId.parse(id);
  if (parsed === undefined) throw new Error(id);
  return { id: parsed };
};

const all = [
  subnet("rg-a", "vnet-a", "snet-app"),
  subnet("rg-b", "vnet-b", "snet-app"),
  subnet("rg-B", "vnet-b2", "snet-data"),
  subnet("rg-c", "vnet-b2", "snet-data"),
  subnet("rg-c", "vnet-c", "snet-batch"),
];

describe("what a user calls a resource", () => {
  test.each([
    { text: "SNET-batch", want: all[4] },
    { text: "vnet-a/snet-app", want: all[0] },
    { text: "/rg-b/vnet-b2/snet-data/", want: all[2] },
    { text: all[3]?.id.text.toUpperCase() ?? "", want: all[3] },
  ])("$text is one", ({ text, want }) => {
    expect(findResource(text, "subnet", all)).toBe(want);
  });

  test.each([
    { text: "snet-app", says: "`snet-app` could be `vnet-a/snet-app`, `vnet-b/snet-app`: give one of those" },
    {
      text: "vnet-b2/snet-data",
      says: "could be `rg-B/vnet-b2/snet-data`, `rg-c/vnet-b2/snet-data`: give one of those",
    },
    { text: "snet-dta", says: "no subnet `snet-dta` among the 5 that were read, did you mean `snet-data`?" },
    { text: "batch", says: "among the 5 that were read; those with that in their names are `snet-batch`" },
    { text: "app", says: "those with that in their names are `vnet-a/snet-app`, `vnet-b/snet-app`" },
    { text: "Microsoft.Network", says: "no subnet `Microsoft.Network` among the 5 that were read" },
    { text: "", says: "no subnet `` among the 5 that were read" },
  ])("$text is none: $says", ({ text, says }) => {
    expect(() => findResource(text, "subnet", all)).toThrow(says);
  });

  test("each name that is offered is understood", () => {
    const offered = /could be (.*): give/.exec(messageOf(() => findResource("snet-data", "subnet", all)))?.[1] ?? "";
    const names = offered.split(", ").map((name) => name.replaceAll("`", ""));
    expect(names.map((name) => findResource(name, "subnet", all))).toEqual([all[2], all[3]]);
  });
});

function messageOf(attempt: () => unknown): string {
  try {
    attempt();
    return "";
  } catch (error) {
    return String(error);
  }
}
