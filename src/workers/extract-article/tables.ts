import type { Block } from './blocks.ts';
import type { TreeNode } from './tree.ts';

/** A cell with more code units than this is layout, not data. */
const MAX_CELL_CHARS = 200;
/** A cell with more blocks than this is layout as well: a column of a page as pages without style sheets were built. */
const MAX_CELL_BLOCKS = 2;
/** Fewer rows of two cells and more are a pair of columns. */
const MIN_ROWS = 2;

export const isShortCell = (block: Block): boolean => block.text.length <= MAX_CELL_CHARS;

/** Cells of several blocks hold a page's columns and no data. */
export function layoutCells(blocks: readonly Block[]): ReadonlySet<TreeNode> {
  const blocksOf = new Map<TreeNode, number>();
  for (const { cell } of blocks) if (cell) blocksOf.set(cell, (blocksOf.get(cell) ?? 0) + 1);
  return new Set([...blocksOf].filter(([, count]) => count > MAX_CELL_BLOCKS).map(([cell]) => cell));
}

/** The blocks in cells, of which most pages have none. */
export function blocksInCells(blocks: readonly Block[]): Block[] {
  return blocks.filter(({ cell }) => cell !== undefined);
}

export function rowOf({ cell }: Block): TreeNode | undefined {
  return cell?.parent;
}

export function tableOf(block: Block): TreeNode | undefined {
  const above = rowOf(block)?.parent;
  return above?.tag === 'table' ? above : above?.parent?.tag === 'table' ? above.parent : undefined;
}

/** Tables of data: rows of short cells, no table within. */
export function dataTables(blocks: readonly Block[]): TreeNode[] {
  const tables = new Set<TreeNode>();
  for (const block of blocksInCells(blocks)) {
    const table = tableOf(block);
    if (table) tables.add(table);
  }
  return [...tables].filter((table) => isDataTable(table, blocks));
}

function isDataTable(table: TreeNode, blocks: readonly Block[]): boolean {
  const blocksOf = new Map<TreeNode, number>();
  const cellsOf = new Map<TreeNode, number>();
  for (let i = table.from; i < table.to; i++) {
    const block = blocks[i] as Block;
    const { cell } = block;
    if (!isShortCell(block)) return false;
    if (!cell || tableOf(block) !== table) {
      if (block.node.tag === 'caption') continue;
      return false;
    }
    const count = (blocksOf.get(cell) ?? 0) + 1;
    if (count > MAX_CELL_BLOCKS) return false;
    blocksOf.set(cell, count);
    const row = cell.parent as TreeNode;
    if (count === 1) cellsOf.set(row, (cellsOf.get(row) ?? 0) + 1);
  }
  let rows = 0;
  for (const cells of cellsOf.values()) if (cells > 1) rows++;
  return rows >= MIN_ROWS;
}
