export const pageUuid = (): string => crypto.randomUUID()
