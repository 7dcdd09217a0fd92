import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publishedType } from "../catalog/published-types.ts";
import { formatAddress, parseAddress } from "./addresses.ts";
import {
  type Answer,
  type Direction,
  filtersAllow,
  nextHop,
  nsgDecision,
  type Packet,
  reachesPrivateEndpoint,
  reachesPublicDoor,
  type World,
} from "./packet-oracle.ts";
import { atomsIn, atomsOf, randomWorld, serviceAddresses } from "./random-world.ts";
import { type Body, listAt, ofType, places, textAt, textsAt } from "./world.ts";

const worlds = fc.sample(randomWorld(), { numRuns: 200, seed: 3 });

/** Every so many of a list, not more than some. */
function some<T>(list: readonly T[], count: number): readonly T[] {
  const step = Math.ceil(list.length / count);
  return list.filter((_, index) => index % step === 0);
}

/** Questions with the answer of the oracle, each about one far address. */
interface Question {
  readonly kind: string;
  readonly far: string;
  readonly ask: (far: string) => unknown;
}

const directions = ["Inbound", "Outbound"] as const;

function packet(direction: Direction, near: string, far: string): Packet {
  const [source, destination] = direction === "Inbound" ? [far, near] : [near, far];
  return { protocol: "Tcp", source, sourcePort: 50_000, destination, destinationPort: 443 };
}

function isSameFamily(one: string, other: string): boolean {
  return one.includes(":") === other.includes(":");
}

function questionsAbout(world: World): readonly Question[] {
  const atoms = atomsOf(world);
  const nears = places(world).flatMap(({ subnet }) => {
    const prefixes = textsAt(subnet, "properties.addressPrefixes", "properties.addressPrefix");
    return prefixes
      .flatMap((prefix) => some(atomsIn(world, prefix), 3))
      .map((near) => ({ id: textAt(subnet, "id"), near }));
  });
  const farFrom = (near: string) =>
    some(
      atoms.filter((atom) => isSameFamily(atom, near)),
      6,
    );
  const nics = ofType(world, "Microsoft.Network/networkInterfaces").flatMap((nic) =>
    listAt(nic, "properties.ipConfigurations").map((one) => {
      return { id: nic.id, near: textAt(one, "properties.privateIPAddress") };
    }),
  );
  const services = [...serviceAddresses].filter(([id]) => world.resources.some((body) => body.id === id));
  return [
    ...ofType(world, "Microsoft.Network/networkSecurityGroups").flatMap(({ id }) =>
      nears.flatMap(({ near }) =>
        farFrom(near).map((far, index) => {
          const direction = directions[index % 2] ?? "Inbound";
          const ask = (address: string) => nsgDecision(world, id, direction, packet(direction, near, address)).access;
          return { kind: "nsgDecision", far, ask };
        }),
      ),
    ),
    ...[...nears, ...nics].flatMap(({ id, near }) =>
      farFrom(near).map((far, index) => {
        const direction = directions[index % 2] ?? "Inbound";
        const ask = (address: string) => filtersAllow(world, id, direction, packet(direction, near, address)).allowed;
        return { kind: "filtersAllow", far, ask };
      }),
    ),
    ...nears.flatMap(({ id, near }) =>
      farFrom(near).map((far) => ({
        kind: "nextHop",
        far,
        ask: (address: string) => nextHop(world, id, address).type,
      })),
    ),
    ...ofType(world, "Microsoft.Network/privateEndpoints").flatMap((endpoint) =>
      nears.map(({ id, near }) => {
        const ask = (address: string) => reachesPrivateEndpoint(world, id, address, endpoint.id, 443).allowed;
        return { kind: "reachesPrivateEndpoint", far: near, ask };
      }),
    ),
    ...services.flatMap(([service, to]) => [
      ...some(atoms, 20).map((far) => {
        const ask = (address: string) =>
          reachesPublicDoor(world, { kind: "internet", address }, service, to, 443).allowed;
        return { kind: "reachesPublicDoor from the internet", far, ask };
      }),
      ...nears.map(({ id, near }) => {
        const ask = (address: string) =>
          reachesPublicDoor(world, { kind: "subnet", subnetId: id, address }, service, to, 443).allowed;
        return { kind: "reachesPublicDoor from subnets", far: near, ask };
      }),
    ]),
  ];
}

/** Yes, no or unknown; a next hop other than None is a yes. */
function answerOf(answer: unknown): Answer {
  if (answer === "unknown") return answer;
  return answer !== false && answer !== "Deny" && answer !== "None";
}

const asked = worlds.map((world) => ({ world, questions: questionsAbout(world) }));
const kinds = [...new Set(asked.flatMap(({ questions }) => questions.map(({ kind }) => kind)))];

describe("200 random worlds", () => {
  test.each(kinds)("%s says yes, no and unknown, each often enough", (kind) => {
    const questions = asked.flatMap((one) => one.questions.filter((question) => question.kind === kind));
    const answers = questions.map(({ far, ask }) => answerOf(ask(far)));
    expect(answers.length).toBeGreaterThan(1000);
    for (const wanted of [true, false, "unknown"]) {
      const share = answers.filter((answer) => answer === wanted).length / answers.length;
      expect(share, `share of ${wanted} among ${answers.length}`).toBeGreaterThan(0.03);
    }
  });

  test("every kind of question is asked", () => expect(kinds).toHaveLength(6));

  test("no answer changes within an atom", () => {
    for (const { world, questions } of asked.filter((_, index) => index % 4 === 0)) {
      const atoms = atomsOf(world);
      for (const { kind, far, ask } of some(questions, 150)) {
        const last = lastOfAtom(atoms, far);
        expect(ask(last), `${kind} ${far} to ${last}`).toEqual(ask(far));
      }
    }
  });

  test("every body is as Azure publishes its type", () => {
    const bodies = worlds
      .flatMap(({ resources }) => resources)
      .filter(({ type }) => !unpublished.includes(String(type)));
    const faults = bodies.map(asPublished).flatMap((body) => {
      const isValid = validatorOf(String(body.type));
      const errors = isValid(body) ? [] : isValid.errors;
      return (errors ?? []).map(({ instancePath, message }) => `${instancePath} of ${body.type} ${message}`);
    });
    expect([...new Set(faults)]).toEqual([]);
  });
});

/** The last address before the next atom. */
function lastOfAtom(atoms: readonly string[], atom: string): string {
  const next = parseAddress(atoms[atoms.indexOf(atom) + 1] ?? "");
  const own = parseAddress(atom);
  if (own === undefined) return atom;
  const end = next?.family === own.family ? next.value : 1n << (own.family === 4 ? 32n : 128n);
  return formatAddress({ family: own.family, value: end - 1n });
}

/** The type of apps lacks the private endpoints that answers have. */
function asPublished(body: Body): Body {
  if (body.type !== "Microsoft.Web/sites") return body;
  const { privateEndpointConnections: _, ...properties } = Object(body.properties);
  return { ...body, properties };
}

/** Application security groups have nothing in them. */
const unpublished = ["Microsoft.Network/applicationSecurityGroups"];
const ajv = new Ajv2020({ strict: false, allErrors: false });
const validators = new Map<string, ValidateFunction>();

function validatorOf(type: string): ValidateFunction {
  const validator = validators.get(type) ?? ajv.compile(publishedType(type).schema);
  validators.set(type, validator);
  return validator;
}
