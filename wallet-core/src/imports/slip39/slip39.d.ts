declare module 'slip39' {
  interface Shares {
    fromPath(path: string): { readonly mnemonics: string[] }
  }
  const slip39: {
    fromArray(
      secret: number[],
      options: { passphrase: string; threshold: number; groups: [number, number][]; extendableBackupFlag: 0 | 1 },
    ): Shares
  }
  export default slip39
}
