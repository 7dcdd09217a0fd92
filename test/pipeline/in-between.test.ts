import { expect, test } from "vitest";
import { natAddressUnverifiable } from "../../lib/rules/nat-address-unverifiable.ts";
import { networkRuleWithoutEndpoint } from "../../lib/rules/network-rule-without-endpoint.ts";
import { perimeterMissing } from "../../lib/rules/perimeter-missing.ts";
import { publicNetworkAccessEnabled } from "../../lib/rules/public-network-access-enabled.ts";
import { aNetwork, aStorageAccount, aVault, storageId, subnetId, vaultId } from "../oracle/bodies.ts";
import { aPerimeter, type Body } from "../support/builders.ts";
import { anAzure, differencesIn, eventOf, one, two, Watch } from "../support/change-stream.ts";
import type { ChangingAzure, Step, Told } from "../support/changing-azure.ts";
import { Killed, killer } from "../support/killing.ts";

const [association, , perimeter] = aPerimeter({ service: vaultId });
const farId = storageId.replace(one, two);
const admitting = [{ id: subnetId("a", "s0"), action: "Allow", state: "Succeeded" }];

function network(...endpoints: readonly string[]): Body {
  return { ...aNetwork({ subnets: [{ endpoints }, { name: "s1", prefixes: ["10.0.1.0/24"] }] }) };
}

/** An account in the other subscription that admits a subnet of the first. */
function farAccount(virtualNetworkRules: readonly object[] = admitting): Body {
  return { ...aStorageAccount({ virtualNetworkRules }), id: farId };
}

function estate(): ChangingAzure {
  const [profiled] = Array.isArray(perimeter) ? perimeter : [];
  const bodies = [
    network("Microsoft.Storage"),
    { ...aStorageAccount({ virtualNetworkRules: admitting }) },
    farAccount(),
  ];
  return anAzure(
    ...bodies,
    { ...aVault({ defaultAction: "Allow" }) },
    ...(profiled === undefined ? [] : [Object(profiled)]),
  );
}

/** Enough to see that somebody was evaluated. */
const few = [publicNetworkAccessEnabled, networkRuleWithoutEndpoint, perimeterMissing, natAddressUnverifiable];
/** All of the steps where there is time for it. */
const stride = process.env.CORDON_RUNS === undefined ? 2 : 1;

/** What is done on the way, at each of its steps in turn. */
interface Scene {
  readonly azure: ChangingAzure;
  readonly watch: Watch;
  /** Handles the events of a change. */
  readonly follow: (told: readonly Told[], step?: Step) => Promise<void>;
}

interface Case {
  readonly when: string;
  /** Left out, all of the estate. */
  readonly given?: () => ChangingAzure;
  /** Gives the work whose steps others come between. */
  readonly first: (scene: Scene) => (step: Step) => Promise<void>;
  readonly between: (scene: Scene) => Promise<void>;
}

const cases: readonly Case[] = [
  {
    when: "a service is evaluated while something comes to name it",
    first: ({ azure, follow }) => {
      const told = azure.put(association);
      return (step) => follow(told, step);
    },
    between: async ({ watch }) => {
      await watch.handle({ v: 1, kind: "evaluate", subjects: [vaultId], reason: "asked" }, false);
    },
  },
  {
    when: "a change is taken back while it is followed",
    first: ({ azure, follow }) => {
      const told = azure.put(network());
      return (step) => follow(told, step);
    },
    between: async ({ azure, follow }) => await follow(azure.put(network("Microsoft.Storage"))),
  },
  {
    when: "a service is made anew while its being deleted is followed",
    first: ({ azure, follow }) => {
      const told = azure.remove(vaultId);
      return (step) => follow(told, step);
    },
    between: async ({ azure, follow }) => await follow(azure.put({ ...aVault({ defaultAction: "Allow" }) })),
  },
  {
    when: "a change that no event told of is taken back while a scheduled audit sees it",
    first: ({ azure, watch }) => {
      azure.put(network());
      return async (step) => await watch.audit(one, step);
    },
    between: async ({ azure, follow }) => await follow(azure.put(network("Microsoft.Storage"))),
  },
  {
    when: "a change that no event told of, and nobody elsewhere rests on, is taken back while a scheduled audit sees it",
    given: () => anAzure(network("Microsoft.Storage"), { ...aStorageAccount({ virtualNetworkRules: admitting }) }),
    first: ({ azure, watch }) => {
      azure.put(network());
      return async (step) => await watch.audit(one, step);
    },
    between: async ({ azure, follow }) => await follow(azure.put(network("Microsoft.Storage"))),
  },
  {
    when: "something changes while a scheduled audit looks at it",
    first:
      ({ watch }) =>
      async (step) =>
        await watch.audit(one, step),
    between: async ({ azure, follow }) => await follow(azure.put(network())),
  },
  {
    when: "a service is evaluated while a scheduled audit finds that something names it, which no event told of",
    first: ({ azure, watch }) => {
      azure.put(association);
      return async (step) => await watch.audit(one, step);
    },
    between: async ({ watch }) => {
      await watch.handle({ v: 1, kind: "evaluate", subjects: [vaultId], reason: "asked" }, false);
    },
  },
  {
    when: "what a service rests on changes, while another change makes it rest on that",
    first: ({ azure, follow }) => {
      const told = azure.put(farAccount([{ ...admitting[0], id: subnetId("a", "s1") }]));
      return (step) => follow(told, step);
    },
    between: async ({ azure, follow }) => {
      const endpoints = ["Microsoft.Storage"];
      await follow(
        azure.put({ ...aNetwork({ subnets: [{ endpoints }, { name: "s1", prefixes: ["10.0.1.0/24"], endpoints }] }) }),
      );
    },
  },
  {
    when: "a scheduled audit begins and ends while a change is followed",
    first: ({ azure, follow }) => {
      const told = azure.put(network());
      return (step) => follow(told, step);
    },
    between: async ({ watch }) => await watch.audit(one),
  },
];

async function atRest(azure = estate()): Promise<Scene & { readonly settle: () => Promise<void> }> {
  const asked: object[] = [];
  const watch = new Watch(azure, (message) => asked.push(message), few);
  const settle = async () => {
    for (let message = asked.shift(); message !== undefined; message = asked.shift()) await watch.handle(message, true);
  };
  const follow = async (told: readonly Told[], step?: Step) => {
    for (const each of told) await watch.handle(eventOf(each, watch.now()), true, step);
  };
  await watch.auditAll();
  await settle();
  return { azure, watch, follow, settle };
}

test.each(cases)("ledgers end with what is there when $when, at whatever step", async ({ given, first, between }) => {
  for (let at = 1, isOver = false; !isOver; at += stride) {
    const scene = await atRest(given?.());
    const work = first(scene);
    let steps = 0;
    await work(async (effect) => {
      steps += 1;
      if (steps === at) await between(scene);
      return await effect();
    });
    isOver = steps < at;
    if (isOver) await between(scene);
    await scene.settle();
    expect(await differencesIn(scene.watch), `between at step ${at}`).toEqual([]);
  }
}, 60_000);

const killed: readonly Pick<Case, "when" | "first">[] = [
  {
    when: "a change of what another subscription rests on",
    first: ({ azure, follow }) => {
      const told = azure.put(network());
      return (step) => follow(told, step);
    },
  },
  {
    when: "a scheduled audit of what another subscription rests on, where no event told of a change",
    first: ({ azure, watch }) => {
      azure.put(network());
      const runId = watch.newRun();
      return async (step) => await watch.audit(one, step, runId);
    },
  },
];

test.each(killed)("whoever is killed while following $when does the rest when the message comes again", async ({
  first,
}) => {
  for (const when of ["before", "after"] as const) {
    for (let at = 1, isOver = false; !isOver; at += stride) {
      const scene = await atRest();
      const work = first(scene);
      const { step, hasKilled } = killer(at, when);
      await work(step).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      isOver = !hasKilled();
      if (!isOver) await work(async (effect) => await effect());
      await scene.settle();
      scene.watch.received.expectSound();
      expect(await differencesIn(scene.watch), `killed ${when} step ${at}`).toEqual([]);
      const runId = scene.watch.newRun();
      await scene.watch.audit(one, undefined, runId);
      expect((await scene.watch.counts(one, runId))?.untold, `killed ${when} step ${at}`).toBe(0);
    }
  }
}, 60_000);

test("what a service in another subscription rests on, and nobody told of, is followed in its own subscription", async () => {
  const { azure, watch, follow, settle } = await atRest();
  azure.put(network());
  await follow(azure.put(farAccount([...admitting, { ...admitting[0], id: subnetId("a", "s1") }])));
  await settle();
  expect(await differencesIn(watch)).toEqual([]);
});

test("what was found on the way to name something else now is known to name it", async () => {
  const otherId = `${vaultId}-2`;
  const [moved] = aPerimeter({ service: otherId });
  const { azure, watch, follow, settle } = await atRest();
  await follow(azure.put(association, { ...aVault({ defaultAction: "Allow" }), id: otherId, name: "kv-2" }));
  await settle();
  azure.put(moved);
  for (const subject of [vaultId, otherId]) {
    await watch.handle({ v: 1, kind: "evaluate", subjects: [subject], reason: "asked" }, false);
    await settle();
    expect(await differencesIn(watch), `when ${subject} was evaluated`).toEqual([]);
  }
});

test("of changes that nobody told of, each of which leads to the next, all are followed", async () => {
  const count = 7;
  const chained = (at: number, ...endpoints: readonly string[]): Body => {
    return {
      ...aNetwork({
        name: `n${at}`,
        ranges: [`10.${at}.0.0/16`],
        subnets: [{ prefixes: [`10.${at}.0.0/24`], endpoints }],
      }),
    };
  };
  const links = Array.from({ length: count }, (_, at): Body => {
    const virtualNetworkRules = [at, at + 1].map((to) => ({ ...admitting[0], id: subnetId(`n${to}`, "s0") }));
    const id = storageId.replace(/[^/]+$/, `st${at}`);
    return { ...aStorageAccount({ virtualNetworkRules }), id, name: `st${at}` };
  });
  const all = Array.from({ length: count + 1 }, (_, at) => at);
  const scene = await atRest(anAzure(...all.map((at) => chained(at, "Microsoft.Storage")), ...links));
  const [first] = all.map((at) => scene.azure.put(chained(at)));
  await scene.follow(first ?? []);
  await scene.settle();
  expect(await differencesIn(scene.watch)).toEqual([]);
});

/** Waits before one of its steps until it may go on. */
function pausing(at: number) {
  const [paused, going] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let steps = 0;
  const step: Step = async (effect) => {
    steps += 1;
    if (steps === at) {
      paused.resolve();
      await going.promise;
    }
    return await effect();
  };
  return { step, paused: paused.promise, goOn: going.resolve, hasPaused: () => steps >= at };
}

test("a service that comes to rest on something is evaluated when that changes, while both are half followed", async () => {
  const s1 = { name: "s1", prefixes: ["10.0.1.0/24"], endpoints: ["Microsoft.Storage"] };
  const changed: Body = { ...aNetwork({ subnets: [{ endpoints: ["Microsoft.Storage"] }, s1] }) };
  const admittingOther = farAccount([{ ...admitting[0], id: subnetId("a", "s1") }]);
  for (let at = 1, isOver = false; !isOver; at += stride) {
    for (let pausedAt = 1, hasPaused = true; hasPaused && !isOver; pausedAt += stride) {
      const { azure, watch, follow, settle } = await atRest();
      const pause = pausing(pausedAt);
      let [steps, other] = [0, Promise.resolve()];
      await follow(azure.put(admittingOther), async (effect) => {
        steps += 1;
        if (steps === at) {
          other = follow(azure.put(changed), pause.step);
          await Promise.race([pause.paused, other]);
        }
        return await effect();
      });
      pause.goOn();
      await other;
      isOver = steps < at;
      hasPaused = pause.hasPaused();
      await settle();
      expect(await differencesIn(watch), `from step ${at} on, with the other at step ${pausedAt}`).toEqual([]);
    }
  }
}, 180_000);

test("whoever finds a change taken back tells first of what somebody committed who was killed", async () => {
  let untold = 0;
  for (const when of ["before", "after"] as const) {
    for (let at = 1, isOver = false; !isOver; at += 1) {
      const { azure, watch, follow, settle } = await atRest();
      const { step, hasKilled } = killer(at, when);
      const told = azure.put(network());
      const [open, received] = [(await watch.open()).size, watch.received.count()];
      await follow(told, step).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      isOver = !hasKilled();
      if ((await watch.open()).size > open && watch.received.count() === received) untold += 1;
      await follow(azure.put(network("Microsoft.Storage")));
      await settle();
      watch.received.expectSound();
      expect(await differencesIn(watch), `killed ${when} step ${at}`).toEqual([]);
    }
  }
  expect(untold).toBeGreaterThan(0);
}, 60_000);
