/**
 * What operators have decided about entities: one is another (merge), one is two (split), one is called something else
 * (rename). Decisions are a log that only grows; to undo one is to decide so. They are laid over what the analysis of an
 * article found, in their order, so that the same log and the same finding give the same names however often, and
 * whenever, it is done.
 */
import { foldText } from './arabic/fold.ts';
import type { Entity, Quote, Span } from './model.ts';

/** An entity without what one article says of it. */
export type EntityIdentity = Pick<Entity, 'id' | 'type' | 'name' | 'names' | 'country' | 'lat' | 'lon'>;

export type EntityChange =
  /** Mentions of `from` are mentions of `into` from now on. */
  | { kind: 'merge'; from: string; into: EntityIdentity }
  /** Of the mentions of `from`, those spelled like one of `names` are mentions of `into`. */
  | { kind: 'split'; from: string; names: string[]; into: EntityIdentity }
  /** It is called `name` in the language `lang`. */
  | { kind: 'rename'; from: string; lang: string; name: string }
  | { kind: 'undo'; of: number };

/** One line of the log; `_id` counts from 1. */
export type EntityDecision = EntityChange & {
  _id: number;
  at: Date;
  /** Made by the line itself: two spellings of one name. */
  automatic?: boolean;
};

type Standing = Exclude<EntityDecision, { kind: 'undo' }>;

/** What an article says of its entities, as far as decisions change it. */
export interface Naming {
  entities: Entity[];
  quotes: Quote[];
}

/** The decisions that stand. */
export class EntityRules {
  /** Number of the last decision they come from. */
  readonly last: number;
  readonly log: readonly EntityDecision[];
  readonly #bySubject = new Map<string, Standing[]>();
  readonly #byResult = new Map<string, string[]>();
  readonly #undone: ReadonlySet<number>;
  readonly #decided: ReadonlySet<string>;

  /** `log` in its order. */
  constructor(log: readonly EntityDecision[]) {
    this.log = log;
    this.last = log.at(-1)?._id ?? 0;
    this.#undone = new Set(log.flatMap((decision) => (decision.kind === 'undo' ? [decision.of] : [])));
    this.#decided = new Set(log.flatMap((decision) => (decision.kind === 'undo' ? [] : [decision.from])));
    for (const decision of log) {
      if (decision.kind === 'undo' || this.#undone.has(decision._id)) continue;
      append(this.#bySubject, decision.from, decision);
      if (decision.kind !== 'rename') append(this.#byResult, decision.into.id, decision.from);
    }
  }

  isUndone(decision: number): boolean {
    return this.#undone.has(decision);
  }

  /** Whether anything was ever decided about an entity, be it undone. */
  isDecided(id: string): boolean {
    return this.#decided.has(id);
  }

  /** Decisions that stand on an entity and on all that lead to it, oldest first. */
  about(id: string): Standing[] {
    return this.sources(id)
      .flatMap((source) => this.#bySubject.get(source) ?? [])
      .sort((a, b) => a._id - b._id);
  }

  /** Every id whose mentions may have come to be those of `id`, itself included. */
  sources(id: string): string[] {
    const sources = new Set([id]);
    for (const source of sources) for (const from of this.#byResult.get(source) ?? []) sources.add(from);
    return [...sources];
  }

  /** All ids that decisions connect with any of these. */
  family(ids: Iterable<string>): string[] {
    const family = new Set(ids);
    for (const id of family) {
      for (const from of this.#byResult.get(id) ?? []) family.add(from);
      for (const decision of this.#bySubject.get(id) ?? [])
        if (decision.kind !== 'rename') family.add(decision.into.id);
    }
    return [...family];
  }

  /** Ids of the entities to which decisions that stand have given a name that passes. */
  renamed(passes: (name: string) => boolean): string[] {
    return [...this.#bySubject.values()].flat().flatMap((decision) => {
      return passes(decision.kind === 'rename' ? decision.name : decision.into.name) ? [decision.from] : [];
    });
  }

  /** What an entity that was merged away is now; itself when it was not. */
  resolve(id: string): string {
    let [now, after] = [id, 0];
    for (;;) {
      const merge = this.#bySubject.get(now)?.find(({ kind, _id }) => kind === 'merge' && _id > after);
      if (merge?.kind !== 'merge') return now;
      [now, after] = [merge.into.id, merge._id];
    }
  }

  /** The names of an article as decided. `lang` is the article's language: whose name is shown. */
  apply({ entities, quotes }: Naming, lang: string | undefined): Naming {
    if (!entities.some(({ id }) => this.#bySubject.has(id))) return { entities, quotes };
    const parts = new Map<string, Entity[]>();
    const decided = new Map<string, Entity>();
    for (const entity of entities) {
      const ends = this.#follow(entity, lang, 0);
      parts.set(entity.id, ends);
      for (const end of ends) {
        const same = decided.get(end.id);
        decided.set(end.id, same ? join(same, end) : end);
      }
    }
    const first = (entity: Entity) => entity.mentions[0]?.start ?? 0;
    return {
      entities: [...decided.values()].sort((a, b) => first(a) - first(b)),
      quotes: quotes.map((quote) => {
        const ends = quote.speakerEntityId === undefined ? undefined : parts.get(quote.speakerEntityId);
        return ends?.[0] ? { ...quote, speakerEntityId: speakerAmong(ends, ends[0], quote.speaker ?? '').id } : quote;
      }),
    };
  }

  /** What one entity becomes by the decisions after number `after`: itself, another, or two. */
  #follow(entity: Entity, lang: string | undefined, after: number): Entity[] {
    const decision = this.#bySubject.get(entity.id)?.find(({ _id }) => _id > after);
    if (!decision) return [entity];
    const go = (next: Entity) => this.#follow(next, lang, decision._id);
    if (decision.kind === 'merge') return go(become(entity, decision.into, lang));
    if (decision.kind === 'rename') {
      const named = { ...entity, names: { ...entity.names, [decision.lang]: decision.name } };
      return go(lang === undefined || lang === decision.lang ? { ...named, name: decision.name } : named);
    }
    const { stay, move } = part(entity, decision.names);
    if (move.length === 0) return go(entity);
    const moved = become({ ...entity, names: {}, mentions: move }, decision.into, lang);
    return stay.length === 0 ? go(moved) : [...go(without(entity, decision.names, stay)), ...go(moved)];
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function become(entity: Entity, into: EntityIdentity, lang: string | undefined): Entity {
  const { roles, mentions } = entity;
  const names = { ...entity.names, ...into.names };
  return { ...into, names, name: (lang && names[lang]) || into.name, roles, mentions };
}

function join(a: Entity, b: Entity): Entity {
  return {
    ...a,
    names: { ...b.names, ...a.names },
    roles: [...new Set([...a.roles, ...b.roles])],
    mentions: [...a.mentions, ...b.mentions].sort((one, other) => one.start - other.start),
  };
}

const wordsOf = (text: string) => foldText(text).trim().split(/\s+/);

/**
 * Parts mentions by spelling. A shorter form (a family name) goes with the longer one that it is a part of, unless one
 * that stays has it too.
 */
function part(entity: Entity, names: readonly string[]): { stay: Span[]; move: Span[] } {
  const moving = new Set(names.map((name) => wordsOf(name).join(' ')));
  const spelled = entity.mentions.map((mention) => ({ mention, words: wordsOf(mention.text) }));
  const isMoving = (words: string[]) => moving.has(words.join(' '));
  const hasForm = (words: string[], moves: boolean) =>
    spelled.some(
      (other) =>
        isMoving(other.words) === moves &&
        other.words.length > words.length &&
        words.every((word) => other.words.includes(word)),
    );
  const stay: Span[] = [];
  const move: Span[] = [];
  for (const { mention, words } of spelled) {
    const moves = isMoving(words) || (hasForm(words, true) && !hasForm(words, false));
    (moves ? move : stay).push(mention);
  }
  return { stay, move };
}

/** What stays of an entity is not called what was split off. */
function without(entity: Entity, names: readonly string[], stay: Span[]): Entity {
  const gone = new Set(names.map(foldText));
  const longest = stay.reduce((a, b) => (b.text.length > a.text.length ? b : a)).text;
  const kept = Object.entries(entity.names).filter(([, name]) => !gone.has(foldText(name)));
  return {
    ...entity,
    name: gone.has(foldText(entity.name)) ? longest : entity.name,
    names: Object.fromEntries(kept),
    mentions: stay,
  };
}

/** The speaker's name says which of two parts has spoken; else the first that stayed. */
function speakerAmong(ends: readonly Entity[], first: Entity, speaker: string): Entity {
  const spoken = foldText(speaker);
  return (
    ends.find(({ name, mentions }) => foldText(name) === spoken || mentions.some((m) => foldText(m.text) === spoken)) ??
    first
  );
}
