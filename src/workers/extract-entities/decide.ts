/** Operators' decisions about entities: taken, checked, and replayed on the stored articles. */
import { z } from 'zod';
import { foldText } from '../../shared/arabic/fold.ts';
import type { EntityChange, EntityDecision, EntityIdentity, EntityRules } from '../../shared/entity-decisions.ts';
import { PermanentError } from '../../shared/errors.ts';
import type { Article, Entity } from '../../shared/model.ts';
import type { Stores } from '../../shared/stores/database.ts';
import type { EntityRecord, KnownEntity } from '../../shared/stores/entities.ts';
import { knowledge } from './analyze/knowledge.ts';
import { isVariant } from './analyze/name-variants.ts';
import { provisionalId } from './analyze/romanize.ts';

/** Or a name that only one bears. */
const id = z.string().trim().min(1).max(500);
const name = z.string().trim().min(1).max(300);

/** What an operator asks for. */
export const decisionRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('merge'), from: id, into: id }),
  z.object({
    kind: z.literal('split'),
    from: id,
    /** Spellings that are somebody else's. */
    names: z.array(name).min(1).max(50),
    /** What that one is called; without it, the longest of `names`. */
    name: name.optional(),
  }),
  z.object({
    kind: z.literal('rename'),
    from: id,
    name,
    /** ISO 639; without it, Arabic for a name in Arabic letters and English for any other. */
    lang: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .optional(),
  }),
  z.object({ kind: z.literal('undo'), of: z.coerce.number().int().min(1) }),
]);

export type DecisionRequest = z.infer<typeof decisionRequest>;

type DecisionStores = Pick<Stores, 'decisions' | 'entities'>;

/** Entities looked at for one of exactly a name. */
const MAX_NAMESAKES = 100;

/** An article under way while a decision is taken may be saved without it; after this long none is. */
const UNDER_WAY_MS = 60_000;

/**
 * Takes a decision and replays it on every stored article it concerns. Throws PermanentError NO_SUCH_ENTITY,
 * AMBIGUOUS_NAME, SAME_ENTITY, NO_SUCH_NAME, NOTHING_LEFT, NO_SUCH_DECISION or UNDONE_ALREADY, and then nothing was changed.
 */
export async function decide(
  stores: DecisionStores,
  request: DecisionRequest,
  now: Date,
): Promise<{ decision: EntityDecision; articles: number }> {
  const decision = await stores.decisions.add((rules) => changeOf(stores, request, rules), now);
  if (decision === undefined) throw new Error('a request always comes to a change');
  return { decision, articles: await replayDecisions(stores, decision._id - 1) };
}

/**
 * Merges people that were not known before with the one known person whose name they spell in another way, and a person of
 * the knowledge base with those who turn out to be spellings of its name. What was decided before is left alone, undone or not.
 */
export async function joinSpellings(
  stores: DecisionStores,
  fresh: readonly Entity[],
  lang: string | undefined,
  now: Date,
): Promise<void> {
  for (const person of fresh) {
    if (person.type !== 'person') continue;
    const near = await stores.entities.soundingLike(person, MAX_NAMESAKES);
    const alike = near.filter((other) => areVariants(person, other));
    if (isProvisional(person.id)) await joinTo(stores, person.id, alike, lang, now);
    else {
      for (const { _id } of alike) if (isProvisional(_id)) await joinTo(stores, _id, [{ _id: person.id }], lang, now);
    }
  }
}

/** Merges a provisional person into the one that all of `alike` are, if it is one. */
async function joinTo(
  stores: DecisionStores,
  from: string,
  alike: readonly { _id: string }[],
  lang: string | undefined,
  now: Date,
): Promise<void> {
  const propose = async (rules: EntityRules): Promise<EntityChange | undefined> => {
    if (rules.isDecided(from)) return undefined;
    const [id, ...others] = new Set(alike.map(({ _id }) => rules.resolve(_id)));
    if (id === undefined || id === from || others.length > 0) return undefined;
    const [subject, into] = await Promise.all([stores.entities.get(from, rules), stores.entities.get(id, rules)]);
    if (!subject || !into) return undefined;
    // What a text has written is better than what we have made of the other script.
    const written = lang !== undefined && isProvisional(id) && !into.aliases.includes(into.names[lang] ?? '');
    const names = written && subject.names[lang] ? { [lang]: subject.names[lang] } : {};
    return { kind: 'merge', from, into: { ...identity(into), names: { ...into.names, ...names } } };
  };
  const decision = await stores.decisions.add(propose, now, true);
  if (decision) await replayDecisions(stores, decision._id - 1);
}

const isProvisional = (id: string) => id.includes(':~');

/** By names as they were written: what we have made of another script proves nothing. */
function areVariants(person: Entity, record: EntityRecord): boolean {
  const namesOf = (id: string, name: string, names: Record<string, string>) =>
    isProvisional(id) ? [name] : [name, ...Object.values(names)];
  const theirs = [...namesOf(record._id, record.name, record.names), ...record.aliases];
  return namesOf(person.id, person.name, person.names).some((one) => theirs.some((other) => isVariant(one, other)));
}

/** Lays the decisions over the articles that an analysis or an earlier replay may have saved without them. */
export async function settleDecisions(stores: DecisionStores, now: Date): Promise<void> {
  const [rules, settled] = await Promise.all([stores.decisions.rules(), stores.decisions.settled()]);
  if (rules.last <= settled) return;
  await replayDecisions(stores, settled);
  const certain = rules.log.findLast(({ at }) => now.getTime() - at.getTime() > UNDER_WAY_MS);
  if (certain && certain._id > settled) await stores.decisions.settle(certain._id);
}

/** Replays all decisions after number `after`. Returns how many articles were looked at. */
async function replayDecisions({ decisions }: DecisionStores, after: number): Promise<number> {
  const rules = await decisions.rules();
  const concerned = new Set<string>();
  for (const decision of rules.log) {
    if (decision._id <= after) continue;
    const subject = decision.kind === 'undo' ? rules.log.find(({ _id }) => _id === decision.of) : decision;
    if (subject && subject.kind !== 'undo') for (const source of rules.sources(subject.from)) concerned.add(source);
  }
  let articles = 0;
  for await (const article of decisions.findingAny([...concerned], rules.last)) {
    await decisions.rename(article, rules, decidedNaming(rules, article));
    articles++;
  }
  return articles;
}

/** What an article says of its entities by the decisions that stand; what the analysis found is kept beside it if that differs. */
export function decidedNaming(
  rules: EntityRules,
  { entities = [], quotes = [], asFound, lang }: Pick<Article, 'entities' | 'quotes' | 'asFound' | 'lang'>,
): Required<Pick<Article, 'entities' | 'quotes'>> & Pick<Article, 'asFound'> {
  const found = asFound ?? { entities, quotes };
  const decided = rules.apply(found, lang);
  return { ...decided, asFound: decided.entities === found.entities ? undefined : found };
}

async function changeOf(
  stores: DecisionStores,
  request: DecisionRequest,
  rules: EntityRules,
): Promise<EntityChange | undefined> {
  if (request.kind === 'undo') return undoing(request.of, rules);
  const entity = await known(stores, request.from, rules);
  if (request.kind === 'rename') {
    const { name, lang = languageOf(name) } = request;
    return { kind: 'rename', from: entity.id, lang, name };
  }
  if (request.kind === 'merge') {
    const met = await stores.entities.get(request.into, rules);
    const into = met ?? unmet(request.into, rules) ?? (await known(stores, request.into, rules));
    if (into.id === entity.id) throw new PermanentError('SAME_ENTITY', `${entity.id} cannot be merged into itself`);
    return { kind: 'merge', from: entity.id, into: identity(into) };
  }
  return splitting(stores, entity, request, rules);
}

function undoing(of: number, rules: EntityRules): EntityChange {
  const decision = rules.log.find(({ _id }) => _id === of);
  if (!decision || decision.kind === 'undo')
    throw new PermanentError('NO_SUCH_DECISION', `there is no decision ${of} that could be undone`);
  if (rules.isUndone(of)) throw new PermanentError('UNDONE_ALREADY', `decision ${of} is undone already`);
  return { kind: 'undo', of };
}

async function splitting(
  stores: DecisionStores,
  entity: KnownEntity,
  { names, name }: Extract<DecisionRequest, { kind: 'split' }>,
  rules: EntityRules,
): Promise<EntityChange> {
  const written = new Map(entity.aliases.map((alias) => [foldText(alias), alias]));
  const moved = names.map((name) => {
    const alias = written.get(foldText(name));
    if (alias === undefined) throw new PermanentError('NO_SUCH_NAME', `${entity.id} is nowhere written ${name}`);
    return alias;
  });
  if (new Set(moved).size === written.size)
    throw new PermanentError(
      'NOTHING_LEFT',
      `these are all names of ${entity.id}: rename it, or merge it into another`,
    );
  const called = name ?? moved.reduce((a, b) => (b.length > a.length ? b : a));
  const { type, country } = entity;
  const wanted = provisionalId(type, foldText(called), country);
  let id = wanted;
  for (let n = 2; (await stores.entities.get(id, rules)) || rules.resolve(id) !== id; n++) id = `${wanted}-${n}`;
  return {
    kind: 'split',
    from: entity.id,
    names: moved,
    into: identity({ id, type, name: called, names: { [languageOf(called)]: called }, country }),
  };
}

/** By id, or by a name that only one entity bears. */
async function known({ entities }: DecisionStores, idOrName: string, rules: EntityRules): Promise<KnownEntity> {
  const entity = await entities.get(idOrName, rules);
  if (entity) return entity;
  const now = rules.resolve(idOrName);
  if (now !== idOrName) throw new PermanentError('NO_SUCH_ENTITY', `${idOrName} is ${now} now`);
  const folded = foldText(idOrName);
  const namesakes = (await entities.find({ name: idOrName, limit: MAX_NAMESAKES }, rules)).filter(
    ({ name, names, aliases }) => [name, ...Object.values(names), ...aliases].some((one) => foldText(one) === folded),
  );
  const [one, ...others] = namesakes;
  if (!one) throw new PermanentError('NO_SUCH_ENTITY', `no entity has the id or name ${idOrName}`);
  if (others.length > 0)
    throw new PermanentError('AMBIGUOUS_NAME', `${idOrName} may be ${namesakes.map(({ id }) => id).join(', ')}`);
  return one;
}

const languageOf = (name: string) => (/\p{Script=Arabic}/u.test(name) ? 'ar' : 'en');

/** Without what else is known of it. */
const identity = ({ id, type, name, names, country, lat, lon }: EntityIdentity): EntityIdentity => ({
  id,
  type,
  name,
  names,
  ...(country !== undefined && { country }),
  ...(lat !== undefined && { lat }),
  ...(lon !== undefined && { lon }),
});

/** What the knowledge base has under this id, though no article has named it yet. */
function unmet(id: string, rules: EntityRules): EntityIdentity | undefined {
  const base = id.includes(':') ? knowledge().byId.get(id) : undefined;
  if (!base || rules.resolve(id) !== id) return undefined;
  return { ...base, name: base.names.en ?? Object.values(base.names)[0] ?? id };
}
