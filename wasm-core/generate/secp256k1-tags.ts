/** Prints SHA-256 of the tags of BIP-340: a tagged hash is SHA-256 of the tag's hash, twice, and then the message. */
import { createHash } from 'node:crypto'

const TAGS = { AUX_TAG: 'BIP0340/aux', NONCE_TAG: 'BIP0340/nonce', CHALLENGE_TAG: 'BIP0340/challenge' }

export function generate(): Record<string, string> {
  const constants = Object.entries(TAGS).map(([name, tag]) => {
    const bytes = [...createHash('sha256').update(tag).digest()]
    return `/** SHA-256 of "${tag}" */\nexport const ${name}: usize = memory.data<u8>([${bytes.join(', ')}], 16)\n`
  })
  return { 'tags.ts': `// Printed by generate/secp256k1-tags.ts. Do not edit.\n${constants.join('\n')}` }
}
