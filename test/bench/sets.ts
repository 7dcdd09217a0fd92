import { IpSet } from "../../lib/net/ip-set.ts";
import { parseAddresses } from "../../lib/net/parse-addresses.ts";
import { agreesWithIpaddr, agreesWithNet, ipaddrDisagreements, isListed, netDisagreements } from "../net/oracles.ts";
import { leastTime, sayGoal } from "./goal.ts";
import { randomNumbers } from "./random.ts";

// Run by run.ts in a process of its own: address sets and the parsing of addresses (G7). `node test/bench/sets.ts 3000000`
// compares as many texts as the goal says, which takes a minute.
const texts = Number(process.argv[2] ?? 200_000);
const random = randomNumbers(7);

function manyRanges(count: number): IpSet {
  const step = Math.floor(2 ** 32 / count);
  return IpSet.union(
    Array.from({ length: count }, (_, index) => {
      const first = index * step + random(step / 4);
      return IpSet.ofIpv4(first, first + random(step / 2));
    }),
  );
}

const [a, b] = [manyRanges(30_000), manyRanges(30_000)];
for (const operation of ["union", "intersect", "minus"] as const) {
  const time = leastTime(200, () => void a[operation](b));
  sayGoal(`G7 ${operation} of 30,000 ranges`, time, "ms", { atMost: 1 });
}

const octet = () => random(256);
const prefixes = Array.from({ length: 100_000 }, () => `${octet()}.${octet()}.${octet()}.${octet()}/${random(33)}`);
let understood = 0;
const time = leastTime(50, () => {
  for (const text of prefixes) if (parseAddresses(text) !== undefined) understood += 1;
});
if (understood !== 50 * prefixes.length) throw new Error("a prefix was refused");
sayGoal("G7 IPv4 prefixes parsed a second", prefixes.length / time / 1000, "million", { atLeast: 15 });

const alphabet = [..."0123456789afAFgxX...::::% "];

/** An address with up to three characters inserted, removed or replaced. */
function almostAddress(): string {
  const groups = Array.from({ length: 8 }, () => random(65_536).toString(16));
  const shortened = [...groups.slice(0, random(4)), "", ...groups.slice(5)].join(":");
  let text = [`${octet()}.${octet()}.${octet()}.${octet()}`, groups.join(":"), shortened][random(3)] ?? "";
  for (let edits = random(4); edits > 0; edits--) {
    const at = random(text.length + 1);
    text = text.slice(0, at) + (random(2) === 0 ? "" : alphabet[random(alphabet.length)]) + text.slice(at + random(2));
  }
  return text;
}

let disagreements = 0;
for (let count = 0; count < texts; count++) {
  const text = almostAddress();
  if (!isListed(text, netDisagreements) && !agreesWithNet(text)) disagreements += 1;
  if (!isListed(text, ipaddrDisagreements) && !agreesWithIpaddr(text)) disagreements += 1;
}
const compared = texts.toLocaleString("en");
sayGoal(`G7 disagreements with net.isIP and ipaddr.js in ${compared}`, disagreements, "texts", { atMost: 0 });
