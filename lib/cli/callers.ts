import { InvalidArgumentError } from "commander";
import { CordonError } from "../model/cordon-error.ts";
import type { SubnetFact } from "../model/fact.ts";
import type { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { subnetsWith } from "../reach/service-reach.ts";
import { privateSpace } from "../reach/spaces.ts";
import { findResource, someOf } from "./find-resource.ts";
import type { Estate } from "./load.ts";
import { say } from "./messages.ts";

/** Whom `--from` asks about: everybody without it. */
export type Callers =
  | { readonly kind: "all" }
  | { readonly kind: "subnet"; readonly subnet: SubnetFact }
  | { readonly kind: "public" | "elsewhere"; readonly address: IpSet; readonly text: string }
  | {
      readonly kind: "inside";
      readonly address: IpSet;
      readonly text: string;
      readonly subnets: readonly SubnetFact[];
    };

export function callersAt(text: string | undefined, { snapshot }: Estate): Callers {
  if (text === undefined) return { kind: "all" };
  const address = parseAddresses(text);
  if (address === undefined) return { kind: "subnet", subnet: findResource(text, "subnet", snapshot.ofKind("subnet")) };
  if (!address.isSubsetOf(privateSpace)) return { kind: "public", address, text };
  const subnets = subnetsWith(address, snapshot);
  if (subnets.length === 0) {
    say(`\`${text}\` is in no subnet that was read: on the internet nobody has such an address`);
    return { kind: "elsewhere", address, text };
  }
  if (subnets.length > 1 && isOne(address)) return ambiguous(text, subnets);
  return { kind: "inside", address, text, subnets };
}

/** Digits with dots or a slash between them, or hexadecimal ones with colons: no name of a subnet. */
const addressLike = /^(?=.*[.:])(?:[\d./]+|[\da-f.:/]*:[\da-f.:/]*)$/i;

/** Of `--from`. */
export function parseFrom(text: string): string {
  const isWrong = text.trim() === "" || (addressLike.test(text) && parseAddresses(text) === undefined);
  if (isWrong) throw new InvalidArgumentError("it is neither an address nor a subnet");
  return text;
}

function isOne({ countIpv4, countIpv6 }: IpSet): boolean {
  return BigInt(countIpv4) + countIpv6 === 1n;
}

function ambiguous(text: string, subnets: readonly SubnetFact[]): never {
  const message = `\`${text}\` is in several subnets: give one of ${someOf(subnets.map(({ id }) => id))}`;
  throw new CordonError("ERR_RESOURCE_AMBIGUOUS", message, text);
}
