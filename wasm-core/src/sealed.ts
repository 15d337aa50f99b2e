import { InvalidArgument } from './errors.ts'

/**
 * What an engine keeps behind the handles it gives out. A handle is an object without contents; what belongs to it can
 * only be put here by the engine, so whoever holds a handle of this engine holds something it validated or computed.
 */
export class SealedContents<Handle extends object, Content> {
  readonly #contents = new WeakMap<object, Content>()
  readonly #kind: string

  /** @param kind what a handle stands for, in errors. */
  constructor(kind: string) {
    this.#kind = kind
  }

  /** A handle for `content`; `visible` is what everybody may see of it. */
  seal(content: Content, visible: object = {}): Handle {
    const handle = Object.freeze({ ...visible })
    this.#contents.set(handle, content)
    return handle as Handle
  }

  /** @throws {InvalidArgument} naming `argument`, for anything but a handle sealed here. */
  open(argument: string, handle: Handle): Content {
    const content = typeof handle === 'object' && handle !== null ? this.#contents.get(handle) : undefined
    if (content === undefined) throw new InvalidArgument(argument, `expected ${this.#kind} made by this engine`)
    return content
  }
}
