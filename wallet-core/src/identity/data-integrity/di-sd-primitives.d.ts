/** What is used of @digitalbazaar/di-sd-primitives, which has no types of its own. */
declare module '@digitalbazaar/di-sd-primitives' {
  type RdfOptions = import('./rdf.ts').RdfOptions
  type JsonObject = import('../jose/jws.ts').JsonObject
  /** From labels of blank nodes in the input, without `_:`, to the labels that stand in their place. */
  type LabelMap = Map<string, string>
  type LabelMapFunction = (given: { canonicalIdMap: LabelMap }) => Promise<LabelMap>
  interface Hmac {
    sign(data: Uint8Array): Promise<Uint8Array>
  }
  interface Group {
    readonly matching: Map<number, string>
    readonly nonMatching: Map<number, string>
    readonly deskolemizedNQuads: string[]
  }
  export function canonicalize(
    input: JsonObject | string,
    options: RdfOptions | { inputFormat: 'application/n-quads'; canonicalIdMap: LabelMap },
  ): Promise<string>
  export function canonicalizeAndGroup<Name extends string>(given: {
    document: JsonObject
    labelMapFactoryFunction: LabelMapFunction
    groups: Record<Name, readonly string[]>
    options: RdfOptions
  }): Promise<{ groups: Record<Name, Group>; labelMap: LabelMap }>
  export function createHmac(given: { key: Uint8Array }): Promise<Hmac>
  export function createLabelMapFunction(given: { labelMap: ReadonlyMap<string, string> }): LabelMapFunction
  export function labelReplacementCanonicalizeJsonLd(given: {
    document: JsonObject
    labelMapFactoryFunction: LabelMapFunction
    options: RdfOptions
  }): Promise<string[]>
  export function selectJsonLd(given: { document: JsonObject; pointers: readonly string[] }): JsonObject | null
  export function stripBlankNodePrefixes(map: LabelMap): LabelMap
}

declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, unknown>
}

declare module '@digitalbazaar/citizenship-context' {
  export const contexts: ReadonlyMap<string, unknown>
}
