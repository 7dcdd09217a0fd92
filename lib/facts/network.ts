import { type ArmResource, receive } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { listOf, textAt, valueAt } from "./settings.ts";
import { subnet } from "./subnet.ts";

const networkFact = factMaker("network", ["/location", "/properties/dhcpOptions/dnsServers"], {
  names: () => [],
  location: ({ body }) => textAt(body, "/location"),
  dnsServers: (resource) => listOf(resource, "/properties/dhcpOptions/dnsServers", (server) => server),
});

/** Projects a network and the subnets that ARM embeds in it. */
export function network(resource: ArmResource) {
  const { id, body } = resource;
  const fact = networkFact(resource);
  const elements = valueAt(body, "/properties/subnets");
  const isListed = Array.isArray(elements);
  const received = (isListed ? elements : []).map(receive);
  const children = received.flatMap((one) =>
    one.kind === "resource" ? [{ fact: subnet(one.resource), isFull: one.resource.thinBecause === undefined }] : [],
  );
  const problems = received.flatMap((one) => (one.kind === "problem" ? [`in \`${id.text}\`: ${one.message}`] : []));
  const embeds = isListed && problems.length === 0 ? ["microsoft.network/virtualnetworks/subnets"] : [];
  return { fact, children, embeds, problems };
}
