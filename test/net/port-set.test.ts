import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PortSet, parsePorts } from "../../lib/net/port-set.ts";

// The naive model: a set of the ports themselves, drawn from both ends so that neighbours and overlaps are common.
const universe = [...Array.from({ length: 12 }, (_, at) => at), ...Array.from({ length: 12 }, (_, at) => 65_524 + at)];
const somePorts = fc.subarray(universe).map((ports) => new Set(ports));

function build(ports: ReadonlySet<number>): PortSet {
  return PortSet.union(Array.from(ports, (port) => parsePorts(String(port)) ?? PortSet.empty));
}

function modelRanges(ports: ReadonlySet<number>): string[] {
  const texts: string[] = [];
  for (let port = 0; port <= 65_535; port++) {
    if (!ports.has(port)) continue;
    const first = port;
    while (ports.has(port + 1)) port++;
    texts.push(first === port ? `${first}` : `${first}-${port}`);
  }
  return texts;
}

describe("parsePorts", () => {
  it.each([
    { text: "22", want: ["22"] },
    { text: "0", want: ["0"] },
    { text: "65535", want: ["65535"] },
    { text: "20-30", want: ["20-30"] },
    { text: "20-20", want: ["20"] },
    { text: "0-65535", want: ["0-65535"] },
    { text: "*", want: ["0-65535"] },
  ])("reads `$text`", ({ text, want }) => {
    expect(parsePorts(text)?.toRanges()).toEqual(want);
  });

  const refused = ["", " ", "65536", "022", "00", "-1", "1-", "-", "30-20", "1-2-3", "1--2", "20 - 30", " 22", "22 "];
  it.each([
    ...refused,
    "22,23",
    "0x16",
    "1e3",
    "2.0",
    "+22",
    "**",
    "0-*",
    "any",
    "1-65536",
    "99999999999999999999",
    "٢٢",
  ])("refuses `%s`", (text) => {
    expect(parsePorts(text)).toBeUndefined();
  });

  it("reads back what it writes", () => {
    fc.assert(
      fc.property(somePorts, (ports) => {
        const set = build(ports);
        const again = PortSet.union(set.toRanges().map((text) => parsePorts(text) ?? PortSet.all));
        expect(again.equals(set)).toBe(true);
      }),
    );
  });
});

describe("PortSet", () => {
  it("agrees with sets of numbers", () => {
    fc.assert(
      fc.property(somePorts, somePorts, (a, b) => {
        const [setA, setB] = [build(a), build(b)];
        expect(setA.union(setB).toRanges()).toEqual(modelRanges(a.union(b)));
        expect(setA.intersect(setB).toRanges()).toEqual(modelRanges(a.intersection(b)));
        expect(setA.minus(setB).toRanges()).toEqual(modelRanges(a.difference(b)));
        expect(setA.isSubsetOf(setB)).toBe(a.isSubsetOf(b));
        expect(setA.intersect(setB).isSubsetOf(setB)).toBe(true);
        expect(setA.overlaps(setB)).toBe(!a.isDisjointFrom(b));
        if (b.size > 0) expect(setA.holdsLowestOf(setB)).toBe(a.has(Math.min(...b)));
        expect(setA.highest).toBe(a.size === 0 ? undefined : Math.max(...a));
        expect(setA.equals(setB)).toBe(a.size === b.size && a.isSubsetOf(b));
        expect(setA.count).toBe(a.size);
        expect(setA.isEmpty).toBe(a.size === 0);
      }),
      { numRuns: 100 },
    );
  });

  it("hands out its ports one by one", () => {
    const set = PortSet.of(443, 445).union(PortSet.ofEach(22, 65_535));
    expect([...set.each()].flatMap((one) => one.toRanges())).toEqual(["22", "443", "444", "445", "65535"]);
    expect([...PortSet.empty.each()]).toEqual([]);
    expect(PortSet.ofEach()).toBe(PortSet.empty);
  });

  it("knows all and none", () => {
    expect([PortSet.all.count, PortSet.empty.count]).toEqual([65_536, 0]);
    expect(PortSet.all.minus(PortSet.all)).toBe(PortSet.empty);
    expect(PortSet.union([])).toBe(PortSet.empty);
    expect(PortSet.all.union(PortSet.of(22, 22)).equals(PortSet.all)).toBe(true);
    expect(PortSet.of(22, 22).equals(PortSet.of(22, 23))).toBe(false);
    expect(PortSet.all.minus(PortSet.of(22, 22)).toRanges()).toEqual(["0-21", "23-65535"]);
  });
});
