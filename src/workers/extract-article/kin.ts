import type { Block } from './blocks.ts';
import type { TreeNode } from './tree.ts';
import { numberOf } from './vocabulary.ts';

/** The blocks of a page by the elements around them: blocks around which these are alike are kin. */
export class Kin {
  /** Per block, the number of its kin. */
  readonly of: Int32Array;
  /** Per kin: how many blocks, and the sums of what they have. */
  readonly blocks: Float64Array;
  readonly chars: Float64Array;
  readonly linkChars: Float64Array;
  /** Blocks that end a sentence, and those that begin with a link. */
  readonly sentences: Float64Array;
  readonly linkFirst: Float64Array;
  readonly longest: Float64Array;

  /** `of` numbers kin below `count`. */
  constructor(of: Int32Array, count: number) {
    this.of = of;
    this.blocks = new Float64Array(count);
    this.chars = new Float64Array(count);
    this.linkChars = new Float64Array(count);
    this.sentences = new Float64Array(count);
    this.linkFirst = new Float64Array(count);
    this.longest = new Float64Array(count);
  }

  /** Counts in all blocks, with their weights and the weights of their links. */
  addAll(all: readonly Block[], weights: Float64Array, linked: Float64Array): void {
    const { of, blocks, chars, linkChars, sentences, linkFirst, longest } = this;
    for (let i = 0; i < of.length; i++) {
      const k = of[i] as number;
      const block = all[i] as Block;
      const weight = weights[i] as number;
      blocks[k] = (blocks[k] as number) + 1;
      chars[k] = (chars[k] as number) + weight;
      linkChars[k] = (linkChars[k] as number) + (linked[i] as number);
      if (block.endsSentence) sentences[k] = (sentences[k] as number) + 1;
      if (block.linkFirst) linkFirst[k] = (linkFirst[k] as number) + 1;
      if (weight > (longest[k] as number)) longest[k] = weight;
    }
  }
}

/** The kin by the two elements nearest to a block, and by the nearest four. */
export function findKin(
  blocks: readonly Block[],
  weights: Float64Array,
  linked: Float64Array,
): { near: Kin; far: Kin } {
  const numbers = new KinNumbers(blocks.length);
  numbers.placeAll(blocks);
  const near = new Kin(numbers.near, numbers.nearKin);
  const far = new Kin(numbers.far, numbers.farKin);
  near.addAll(blocks, weights, linked);
  far.addAll(blocks, weights, linked);
  return { near, far };
}

/** Pages have fewer elements (MAX_ELEMENTS). */
const MAX_NUMBER = 0x100000;

class KinNumbers {
  /** Per block. */
  readonly near: Int32Array;
  readonly far: Int32Array;
  /** Per tag, the levels by class. */
  private readonly levelsOfTag = new Map<string, Map<string, number>>();
  private readonly levels = new Map<string, number>();
  private readonly pairs = new Map<number, number>();
  private readonly twoPairs = new Map<number, number>();

  /** Of the block placed last: the children of one element come one after the other, most of them alike. */
  private parent: TreeNode | undefined;
  private level = -1;
  private pair = 0;
  private twoPair = 0;
  /** The parent's level and the pair above it. */
  private parentLevel = 0;
  private pairAbove = 0;

  constructor(blocks: number) {
    this.near = new Int32Array(blocks);
    this.far = new Int32Array(blocks);
  }

  /** Pairs are numbered from 1. */
  get nearKin(): number {
    return this.pairs.size + 1;
  }

  get farKin(): number {
    return this.twoPairs.size;
  }

  placeAll(blocks: readonly Block[]): void {
    for (let i = 0; i < blocks.length; i++) this.place(i, (blocks[i] as Block).node);
  }

  private place(i: number, node: TreeNode): void {
    const { parent } = node;
    const level = this.levelOf(node);
    const isNewParent = parent !== this.parent;
    if (isNewParent) {
      this.parent = parent;
      this.parentLevel = parent ? this.levelOf(parent) + 1 : 0;
      this.pairAbove = this.pairOf(parent?.parent);
    }
    if (isNewParent || level !== this.level) {
      this.level = level;
      this.pair = numberOf(this.pairs, level * MAX_NUMBER + this.parentLevel) + 1;
      this.twoPair = numberOf(this.twoPairs, this.pair * MAX_NUMBER + this.pairAbove);
    }
    this.near[i] = this.pair;
    this.far[i] = this.twoPair;
  }

  /** Number of an element's level with its parent's, from 1; 0 stands for no element. */
  private pairOf(node: TreeNode | undefined): number {
    if (!node) return 0;
    const above = node.parent ? this.levelOf(node.parent) + 1 : 0;
    return numberOf(this.pairs, this.levelOf(node) * MAX_NUMBER + above) + 1;
  }

  /** A level is tag and class, numbers in the class set aside. */
  private levelOf({ tag, className }: TreeNode): number {
    let byClass = this.levelsOfTag.get(tag);
    if (!byClass) {
      byClass = new Map();
      this.levelsOfTag.set(tag, byClass);
    }
    const name = className.text;
    let level = byClass.get(name);
    if (level === undefined) {
      level = numberOf(this.levels, `${tag}.${name.replace(/\d+/g, '0')}`);
      byClass.set(name, level);
    }
    return level;
  }
}
