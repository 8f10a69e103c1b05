import { describe, expect, test } from 'vitest';
import { type EntityChange, type EntityIdentity, EntityRules } from '../../src/shared/entity-decisions.ts';
import type { Entity, Quote } from '../../src/shared/model.ts';

const AT = new Date('2026-03-01T00:00:00Z');
const log = (...changes: EntityChange[]) =>
  new EntityRules(changes.map((change, i) => ({ _id: i + 1, at: AT, ...change })));

const person = (id: string, name: string, spellings: string[] = [name], more: Partial<Entity> = {}): Entity => ({
  id,
  type: 'person',
  name,
  names: { ar: name },
  roles: [],
  mentions: spellings.map((text, i) => ({ text, start: i * 100, end: i * 100 + text.length })),
  ...more,
});
const identity = (id: string, name: string, names: Record<string, string> = { ar: name }): EntityIdentity => ({
  id,
  type: 'person',
  name,
  names,
});
const apply = (rules: EntityRules, entities: Entity[], quotes: Quote[] = [], lang?: string) =>
  rules.apply({ entities, quotes }, lang);
const shown = (rules: EntityRules, entities: Entity[]) =>
  apply(rules, entities).entities.map(({ id, mentions }) => [id, mentions.map(({ text }) => text)]);

const salim = () => person('a', 'سالم باعوم', ['سالم باعوم', 'باعوم'], { roles: ['الشيخ'] });

describe('EntityRules', () => {
  test('no decision about it – the very same values', () => {
    const naming = { entities: [salim()], quotes: [] };
    expect(log({ kind: 'merge', from: 'x', into: identity('y', 'ي') }).apply(naming, 'ar')).toEqual(naming);
  });

  test('merge – id, type and names of the other, roles and mentions of both', () => {
    const rules = log({ kind: 'merge', from: 'a', into: { ...identity('b', 'سالم علي باعوم'), country: 'YE' } });
    const other = person('b', 'سالم علي باعوم', ['سالم علي باعوم'], { roles: ['الزعيم'] });
    expect(apply(rules, [salim(), other]).entities).toMatchObject([
      { id: 'b', name: 'سالم علي باعوم', country: 'YE', roles: ['الشيخ', 'الزعيم'], mentions: { length: 3 } },
    ]);
  });

  test('merge of merges – ends at the last; a later one back does not run in circles', () => {
    const chain = log(
      { kind: 'merge', from: 'a', into: identity('b', 'ب') },
      { kind: 'merge', from: 'b', into: identity('c', 'ج') },
    );
    expect(shown(chain, [salim()])).toEqual([['c', ['سالم باعوم', 'باعوم']]]);
    expect([chain.resolve('a'), chain.resolve('c')]).toEqual(['c', 'c']);
    expect(chain.sources('c').sort()).toEqual(['a', 'b', 'c']);
    const circle = log(
      { kind: 'merge', from: 'a', into: identity('b', 'ب') },
      { kind: 'merge', from: 'b', into: identity('a', 'ا') },
    );
    expect(circle.resolve('a')).toBe('a');
    expect(shown(circle, [salim()])).toEqual([['a', ['سالم باعوم', 'باعوم']]]);
  });

  test('the name shown is that of the article’s language', () => {
    const rules = log({ kind: 'merge', from: 'a', into: identity('b', 'Salem', { en: 'Salem', ar: 'سالم' }) });
    expect(apply(rules, [salim()], [], 'ar').entities[0]?.name).toBe('سالم');
    expect(apply(rules, [salim()], [], 'en').entities[0]?.name).toBe('Salem');
    expect(apply(rules, [salim()], [], 'fr').entities[0]?.name).toBe('Salem');
  });

  test('rename – in its language; elsewhere the other names stay', () => {
    const rules = log({ kind: 'rename', from: 'a', lang: 'en', name: 'Salem Baoum' });
    expect(apply(rules, [salim()], [], 'ar').entities[0]).toMatchObject({
      name: 'سالم باعوم',
      names: { ar: 'سالم باعوم', en: 'Salem Baoum' },
    });
    expect(apply(rules, [salim()]).entities[0]?.name).toBe('Salem Baoum');
  });

  describe('split', () => {
    const both = () => person('a', 'أحمد علي صالح', ['أحمد علي صالح', 'أحمد علي قاسم', 'قاسم', 'صالح', 'أحمد علي']);
    const rules = log({ kind: 'split', from: 'a', names: ['احمد علي قاسم'], into: identity('b', 'أحمد علي قاسم') });

    test('mentions go by spelling, a family name with the name it belongs to, an unclear one stays', () => {
      expect(shown(rules, [both()])).toEqual([
        ['a', ['أحمد علي صالح', 'صالح', 'أحمد علي']],
        ['b', ['أحمد علي قاسم', 'قاسم']],
      ]);
    });

    test('an article with only the one that was split off', () => {
      expect(shown(rules, [person('a', 'أحمد علي قاسم', ['أحمد علي قاسم', 'أحمد علي'])])).toEqual([
        ['b', ['أحمد علي قاسم', 'أحمد علي']],
      ]);
    });

    test('what stays is not called by the name that went', () => {
      const [stays] = apply(rules, [person('a', 'أحمد علي قاسم', ['الوزير صالح', 'أحمد علي قاسم'])]).entities;
      expect(stays).toMatchObject({ id: 'a', name: 'الوزير صالح', names: {} });
    });

    test('quotations follow their speaker', () => {
      const quote = (speaker: string): Quote => ({
        text: 'ن',
        start: 0,
        end: 1,
        direct: true,
        speaker,
        speakerEntityId: 'a',
      });
      const { quotes } = apply(rules, [both()], [quote('أحمد علي قاسم'), quote('صالح'), quote('الوزير')]);
      expect(quotes.map(({ speakerEntityId }) => speakerEntityId)).toEqual(['b', 'a', 'a']);
    });

    test('and merged elsewhere', () => {
      const more = log(
        { kind: 'split', from: 'a', names: ['قاسم'], into: identity('b', 'قاسم') },
        { kind: 'merge', from: 'b', into: identity('c', 'علي قاسم') },
      );
      expect(shown(more, [person('a', 'صالح', ['صالح', 'قاسم'])])).toEqual([
        ['a', ['صالح']],
        ['c', ['قاسم']],
      ]);
      expect(more.family(['c']).sort()).toEqual(['a', 'b', 'c']);
    });
  });

  test('undo – as if it had never been, and only that', () => {
    const rules = log(
      { kind: 'merge', from: 'a', into: identity('b', 'ب') },
      { kind: 'rename', from: 'a', lang: 'ar', name: 'سالم' },
      { kind: 'undo', of: 1 },
    );
    expect(rules.resolve('a')).toBe('a');
    expect(rules.isUndone(1)).toBe(true);
    expect(apply(rules, [salim()], [], 'ar').entities[0]).toMatchObject({ id: 'a', name: 'سالم' });
    expect(rules.about('a').map(({ _id }) => _id)).toEqual([2]);
  });
});
