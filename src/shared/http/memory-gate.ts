import {
  crawlDelay,
  DEFAULT_GATE_RULES,
  FIRST_STEP_MS,
  type GateRules,
  type HostGate,
  STEP_SHARE,
  TICKET_GRACE_MS,
  TURN_WEIGHT,
} from './host-gate.ts';

interface SiteState {
  last: number;
  tail: number;
  lane: number;
  coming: number;
  hold: number;
  delay: number;
  /** How long turns take, a moving average in ms. */
  usual?: number;
  /** Errand → promised slot. */
  tickets: Map<string, number>;
  /** Turn → expiry. */
  leases: Map<symbol, number>;
}

/** The gate of one process, for one-off commands: the rules of createRedisGate without Redis. `now` in ms. */
export function createMemoryGate(
  options: { rules?: GateRules; now?: () => number; random?: () => number } = {},
): HostGate {
  const { now: clock = Date.now, random = Math.random } = options;
  const rules = { ...DEFAULT_GATE_RULES, ...options.rules };
  const sites = new Map<string, SiteState>();

  function stateOf(site: string): SiteState {
    let state = sites.get(site);
    if (!state) {
      state = { last: 0, tail: 0, lane: 0, coming: 0, hold: 0, delay: 0, tickets: new Map(), leases: new Map() };
      sites.set(site, state);
    }
    return state;
  }

  return {
    async enter(site, ticket, { spacingMs, urgent = false, leaseMs = rules.leaseMs } = {}) {
      const now = clock();
      const state = stateOf(site);
      if (spacingMs !== undefined) state.delay = crawlDelay(spacingMs);
      const own = rules.spacingMsBySite[site];
      const spacing = own ?? Math.max(rules.spacingMs, state.delay);
      dropUpTo(state.leases, now);
      dropUpTo(state.tickets, now - TICKET_GRACE_MS);

      // The clock was set back: waiting for that moment to pass would keep the site shut for as long.
      if (state.last > now) state.last = 0;
      const open = Math.max(state.last + spacing, state.hold);
      const slot = state.tickets.get(ticket) ?? 0;
      const due = urgent || (slot > 0 && slot <= now);
      if (slot > now && slot >= open) return { ok: false, waitMs: slot - now };

      const near = () => [...state.tickets.values()].some((other) => Math.abs(other - now) <= spacing);
      if ((due || !near()) && open <= now && state.leases.size < rules.inFlight) {
        const lease = Symbol(site);
        state.tickets.delete(ticket);
        state.leases.set(lease, now + leaseMs);
        state.last = now;
        return {
          ok: true,
          async leave(holdMs = 0) {
            if (state.leases.delete(lease)) {
              const took = clock() - now;
              const usual = state.usual ?? took;
              state.usual = Math.round(usual + (took - usual) * TURN_WEIGHT);
            }
            if (holdMs > 0) state.hold = Math.max(state.hold, clock() + holdMs);
          },
        };
      }

      const step = Math.max(
        spacing,
        state.usual === undefined ? FIRST_STEP_MS : Math.ceil(Math.max((state.usual / rules.inFlight) * STEP_SHARE, 1)),
      );
      const first = open > now ? open : now + step;
      let promised: number;
      if (due && open > now && state.coming <= now) {
        promised = open;
        state.coming = open;
      } else if (due) {
        const behind = (slot: number) => (slot > now ? slot + step : 0);
        promised = Math.max(first, behind(state.lane), behind(state.coming));
        state.lane = promised;
      } else {
        promised = Math.max(first, state.tail + step, state.lane + step);
        if (promised - first > rules.horizonMs) {
          return { ok: false, waitMs: Math.ceil(first - now + rules.horizonMs * (0.5 + random() / 2)) };
        }
        state.tail = promised;
      }
      state.tickets.set(ticket, promised);
      return { ok: false, waitMs: promised - now };
    },
  };
}

function dropUpTo<K>(times: Map<K, number>, limit: number): void {
  for (const [key, time] of times) if (time <= limit) times.delete(key);
}
