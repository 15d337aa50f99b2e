import { describe, expect, it } from 'vitest'
import { enginesUnderTest } from '../test/engines.ts'
import { describeVectors, fromHex, toHex, vectorJson, vectorText } from '../test/vectors.ts'
import { taprootTweak } from './tagged-hash.ts'

interface Bip341 {
  scriptPubKey: {
    given: { internalPubkey: string }
    intermediary: { merkleRoot: string | null; tweak: string; tweakedPubkey: string }
    expected: { scriptPathControlBlocks?: string[] }
  }[]
  keyPathSpending: {
    inputSpending: {
      given: { internalPrivkey: string; merkleRoot: string | null; hashType: number }
      intermediary: { internalPubkey: string; tweak: string; tweakedPrivkey: string; sigHash: string }
      expected: { witness: [string] }
    }[]
  }[]
}

/** Records of a comma-separated file whose first line names the columns; the comment may hold commas. */
function csvRecords(path: string): Record<string, string>[] {
  const [names, ...lines] = vectorText(path)
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))
  return lines.map((fields) => Object.fromEntries(names!.map((name, i) => [name, fields[i] ?? ''])))
}

describeVectors('BIP-340 and BIP-341 vectors', () => {
  describe.each(enginesUnderTest)('by $name', ({ secp256k1, hashes }) => {
    it.each(['bitcoin/bip340/test-vectors.csv', 'curves/secp256k1/schnorr.csv'])('%s', (path) => {
      const counts: Record<string, number> = { TRUE: 0, FALSE: 0, signed: 0 }
      for (const record of csvRecords(path)) {
        const field = (name: string) => fromHex(record[name]!)
        const [publicKey, message, signature] = [field('public key'), field('message'), field('signature')]
        const expected = record['verification result']!
        expect(secp256k1.schnorrVerify(signature, message, publicKey), record.index).toBe(expected === 'TRUE')
        counts[expected]!++
        if (!record['secret key']) continue
        counts.signed!++
        expect(secp256k1.publicKey(field('secret key')).slice(1, 33)).toEqual(publicKey)
        expect(toHex(secp256k1.schnorrSign(message, field('secret key'), field('aux_rand')))).toBe(toHex(signature))
      }
      expect(counts.TRUE).toBeGreaterThanOrEqual(5)
      expect(counts.FALSE).toBeGreaterThanOrEqual(10)
      expect(counts.signed).toBeGreaterThanOrEqual(4)
    })

    it('tweaks public keys like the wallet vectors of BIP-341', () => {
      const { scriptPubKey } = vectorJson<Bip341>('bitcoin/bip341/wallet-test-vectors.json')
      expect(scriptPubKey.length).toBeGreaterThan(5)
      for (const { given, intermediary, expected } of scriptPubKey) {
        const internalKey = fromHex(given.internalPubkey)
        const root = intermediary.merkleRoot ? fromHex(intermediary.merkleRoot) : null
        const tweak = taprootTweak(hashes, internalKey, root)
        expect(toHex(tweak)).toBe(intermediary.tweak)
        const { publicKey, odd } = secp256k1.tweakPublicKey(internalKey, tweak)
        expect(toHex(publicKey)).toBe(intermediary.tweakedPubkey)
        for (const block of expected.scriptPathControlBlocks ?? []) expect(fromHex(block)[0]! & 1).toBe(odd ? 1 : 0)
      }
    })

    it('tweaks secret keys and signs like the wallet vectors of BIP-341', () => {
      const { keyPathSpending } = vectorJson<Bip341>('bitcoin/bip341/wallet-test-vectors.json')
      const inputs = keyPathSpending.flatMap(({ inputSpending }) => inputSpending)
      expect(inputs.length).toBeGreaterThan(5)
      for (const { given, intermediary, expected } of inputs) {
        const secret = fromHex(given.internalPrivkey)
        const internalKey = secp256k1.publicKey(secret).slice(1, 33)
        expect(toHex(internalKey)).toBe(intermediary.internalPubkey)
        const tweak = taprootTweak(hashes, internalKey, given.merkleRoot ? fromHex(given.merkleRoot) : null)
        const tweaked = secp256k1.tweakSecretKey(secret, tweak)
        expect(toHex(tweaked)).toBe(intermediary.tweakedPrivkey)
        const sighash = fromHex(intermediary.sigHash)
        const signature = secp256k1.schnorrSign(sighash, tweaked, new Uint8Array(32)) // as the vectors were made
        expect(toHex(signature)).toBe(expected.witness[0].slice(0, 128))
        const { publicKey } = secp256k1.tweakPublicKey(internalKey, tweak)
        expect(secp256k1.schnorrVerify(signature, sighash, publicKey)).toBe(true)
      }
    })
  })
})
