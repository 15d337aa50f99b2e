/** Showing SD-JWT VCs: the disclosures that were asked for, bound to the question by the holder's key. @module */
import { answerWith, ofType } from '../exchange/dcql.ts'
import { disclosuresFor, presentSdJwt } from '../sd-jwt/present.ts'
import { readSdJwt, type SdJwt } from '../sd-jwt/read.ts'
import { shownBy } from './claims.ts'
import { holderSigner } from './holder-keys.ts'
import type { ShowAs } from './showing.ts'

export const showSdJwt: ShowAs = async (query, record, copy, { keys }) => {
  if (!ofType(query, [record.type])) return null
  const sdJwt = readSdJwt(copy.raw)
  const paths = answerWith(query, sdJwt.claims)
  if (paths === null) return null
  const disclosures = disclosuresFor(sdJwt, paths)
  const chosen = new Set(disclosures)
  const { kid } = sdJwt.jws.header
  return {
    ...{ record, copy, seen: shownBy(sdJwt, disclosures), recognizable: true, bearer: copy.key === null },
    hidden: sdJwt.disclosures.filter((each) => !chosen.has(each)).map(({ path }) => path),
    issuerKey: typeof kid === 'string' ? kid : null,
    marks: (other) => marksOf(readSdJwt(other.raw)),
    async present(asked) {
      const signer = copy.key === null ? null : await holderSigner(copy.key, keys)
      return presentSdJwt(sdJwt, disclosures, asked, signer)
    },
  }
}

function marksOf({ disclosures, jws: { payload } }: SdJwt): readonly string[] {
  const numbers = [payload.status, payload.jti, payload.sub].filter((one) => one !== undefined)
  return [...numbers.map((one) => JSON.stringify(one)), ...disclosures.map(({ digest }) => digest)]
}
