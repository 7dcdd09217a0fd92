import { PortSet } from "../net/port-set.ts";

const conjunction = new Intl.ListFormat("en-GB");

/** "a", "a and b", "a, b and c": names in the sentence of a verdict; long lists are cut. */
export function listed(names: readonly string[]): string {
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return conjunction.format(shown);
}

/** "every port", "TCP 443 and every UDP port". */
export function portsInWords(tcp: PortSet, udp: PortSet): string {
  if (tcp.equals(PortSet.all) && udp.equals(PortSet.all)) return "every port";
  const named = (name: string, ports: PortSet) => {
    if (ports.isEmpty) return [];
    return [ports.equals(PortSet.all) ? `every ${name} port` : `${name} ${listed(ports.toRanges())}`];
  };
  return listed([...named("TCP", tcp), ...named("UDP", udp)]);
}
