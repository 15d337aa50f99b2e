export const randomUuid = (): string => crypto.randomUUID()
