/** Merkle branches read off an SSZ tree. @module */

/** The part of a persistent-merkle-tree node that a branch needs. */
export interface TreeNode {
  readonly left: TreeNode
  readonly right: TreeNode
  readonly root: Uint8Array
}

/** The sibling roots from the leaf at `gindex` up to the root, lowest first (the order of a `Branch` in the specs). */
export function branchOf(root: TreeNode, gindex: bigint): Uint8Array[] {
  const turns = gindex.toString(2).slice(1)
  const siblings: Uint8Array[] = []
  let node = root
  for (const turn of turns) {
    siblings.unshift(turn === '1' ? node.left.root : node.right.root)
    node = turn === '1' ? node.right : node.left
  }
  return siblings.map((sibling) => Uint8Array.from(sibling))
}
