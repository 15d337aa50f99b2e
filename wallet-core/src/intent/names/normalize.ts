/** ENSIP-15: what the standard does not pass is no name. Throws for that. @module */
export type Normalize = (name: string) => string

/** Loads the tables when the first name is read. */
export async function loadNormalize(): Promise<Normalize> {
  return (await import('./ensip15.ts')).normalize
}
