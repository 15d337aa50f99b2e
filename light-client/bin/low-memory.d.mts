export declare const LOW_MEMORY_FLAGS: readonly string[]
export declare function restartWithLittleMemory(): void
