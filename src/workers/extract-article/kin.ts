import type { Block } from './blocks.ts';
import type { TreeNode } from './tree.ts';
import { numberOf } from './vocabulary.ts';

/** What the blocks with one path of tags and classes have together. */
export interface Kin {
  blocks: number;
  chars: number;
  linkChars: number;
  /** Blocks that end a sentence, and those that begin with a link. */
  sentences: number;
  linkFirst: number;
  longest: number;
  /** Left to the second pass: their votes. */
  sum: number;
}

/** Pages have fewer elements (MAX_ELEMENTS). */
const MAX_NUMBER = 0x100000;

/** Sorts the blocks of one page by the two, and by the four, elements around them. */
export class KinOfPage {
  /** Per tag, the levels by class. */
  private readonly levelsOfTag = new Map<string, Map<string, number>>();
  private readonly levels = new Map<string, number>();
  private readonly pairs = new Map<number, number>();
  private readonly byPair = new Map<number, Kin>();
  private readonly byTwoPairs = new Map<number, Kin>();

  /** The parent of the element asked for last, its level and the pair above it: the children of one element ask one after the other. */
  private parent: TreeNode | undefined;
  private parentLevel = 0;
  private pairAbove = 0;

  /** Of the blocks whose element and its parent are like these, and of those where the two above are as well. */
  of(node: TreeNode): { near: Kin; far: Kin } {
    const { parent } = node;
    if (parent !== this.parent) {
      this.parent = parent;
      this.parentLevel = parent ? this.levelOf(parent) + 1 : 0;
      this.pairAbove = this.pairOf(parent?.parent);
    }
    const pair = numberOf(this.pairs, this.levelOf(node) * MAX_NUMBER + this.parentLevel) + 1;
    return { near: kinOf(this.byPair, pair), far: kinOf(this.byTwoPairs, pair * MAX_NUMBER + this.pairAbove) };
  }

  /** Number of an element's level with its parent's, from 1; 0 stands for no element. */
  private pairOf(node: TreeNode | undefined): number {
    if (!node) return 0;
    const above = node.parent ? this.levelOf(node.parent) + 1 : 0;
    return numberOf(this.pairs, this.levelOf(node) * MAX_NUMBER + above) + 1;
  }

  /** A level is tag and class, numbers in the class set aside. */
  private levelOf({ tag, attrs }: TreeNode): number {
    let byClass = this.levelsOfTag.get(tag);
    if (!byClass) {
      byClass = new Map();
      this.levelsOfTag.set(tag, byClass);
    }
    const name = attrs.class ?? '';
    let level = byClass.get(name);
    if (level === undefined) {
      level = numberOf(this.levels, `${tag}.${name.replace(/\d+/g, '0')}`);
      byClass.set(name, level);
    }
    return level;
  }
}

function kinOf(map: Map<number, Kin>, key: number): Kin {
  let kin = map.get(key);
  if (!kin) {
    kin = { blocks: 0, chars: 0, linkChars: 0, sentences: 0, linkFirst: 0, longest: 0, sum: 0 };
    map.set(key, kin);
  }
  return kin;
}

export function addToKin(kin: Kin, block: Block, weight: number, linked: number): void {
  kin.blocks++;
  if (block.endsSentence) kin.sentences++;
  if (block.linkFirst) kin.linkFirst++;
  if (weight > kin.longest) kin.longest = weight;
  kin.chars += weight;
  kin.linkChars += linked;
}
