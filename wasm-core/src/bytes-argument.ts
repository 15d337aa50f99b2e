import { InvalidArgument } from './errors.ts'

/** Bytes, also of another realm (a frame, a test's window): their class is another, and has the same name. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || (ArrayBuffer.isView(value) && value.constructor.name === 'Uint8Array')
}

/** Programs without types pass anything: what is not bytes must not reach a kernel, which would read past its input. */
export function checkBytes(argument: string, value: unknown): void {
  if (!isBytes(value)) throw new InvalidArgument(argument, 'expected bytes')
}

export function checkList(argument: string, value: unknown): void {
  if (!Array.isArray(value)) throw new InvalidArgument(argument, 'expected a list')
}

export function checkListOfBytes(argument: string, value: unknown): void {
  checkList(argument, value)
  for (const [i, one] of (value as unknown[]).entries()) if (!isBytes(one)) checkBytes(`${argument}[${i}]`, one)
}
