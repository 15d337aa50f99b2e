/**
 * Message channels of browsers behind one narrow interface.
 * @module
 */

/** Two-way, in order, nothing lost while both ends live. Messages are plain data; `Uint8Array` arrives as such. */
export interface Channel {
  send(message: unknown): void
  /** Returns the function that stops listening. */
  listen(handler: (message: unknown) => void): () => void
}

/** What MessagePort, Worker and the worker's own global scope have in common. */
export interface PostPort {
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  /** MessagePort only. */
  start?(): void
}

/** A channel over structured clone. Bytes are copied once and the copy is transferred, so the sender keeps its own. */
export function clonedChannel(port: PostPort): Channel {
  return {
    send(message) {
      const transfer: Transferable[] = []
      const moved = mapBytes(message, (bytes) => {
        const copy = bytes.slice()
        transfer.push(copy.buffer)
        return copy
      })
      port.postMessage(moved, transfer)
    },
    listen(handler) {
      const listener = (event: { readonly data: unknown }) => handler(event.data)
      port.addEventListener('message', listener)
      port.start?.()
      return () => port.removeEventListener('message', listener)
    },
  }
}

/** What chrome.runtime.Port has of it. */
export interface JsonPort {
  postMessage(message: unknown): void
  readonly onMessage: {
    addListener(listener: (message: unknown) => void): void
    removeListener(listener: (message: unknown) => void): void
  }
}

/** A channel over a port that carries JSON only. Bytes travel as `{"base64": …}`. */
export function jsonChannel(port: JsonPort): Channel {
  return {
    send: (message) => port.postMessage(mapBytes(message, (bytes) => ({ [BASE64]: toBase64(bytes) }))),
    listen(handler) {
      const listener = (message: unknown) => {
        try {
          handler(restoreBytes(message))
        } catch (error) {
          if (!(error instanceof BadBase64)) throw error
          // not a message of ours; the other end's caller hears nothing, as from any message that makes no sense
        }
      }
      port.onMessage.addListener(listener)
      return () => port.onMessage.removeListener(listener)
    },
  }
}

/** Several channels over one: each name is a channel of its own, for example one per direction. */
export function namedChannel(channel: Channel, name: string): Channel {
  return {
    send: (message) => channel.send({ channel: name, message }),
    listen: (handler) =>
      channel.listen((outer) => {
        if (isRecord(outer) && outer.channel === name) handler(outer.message)
      }),
  }
}

const BASE64 = 'base64'

function mapBytes(value: unknown, change: (bytes: Uint8Array) => unknown): unknown {
  if (value instanceof Uint8Array) return change(value)
  if (Array.isArray(value)) return value.map((entry) => mapBytes(entry, change))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapBytes(entry, change)]))
}

function restoreBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restoreBytes)
  if (!isRecord(value)) return value
  const base64 = value[BASE64]
  if (typeof base64 === 'string' && Object.keys(value).length === 1) return fromBase64(base64)
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, restoreBytes(entry)]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `btoa` takes text; long texts are made in pieces because a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let offset = 0; offset < bytes.length; offset += 8192)
    text += String.fromCharCode(...bytes.subarray(offset, offset + 8192))
  return btoa(text)
}

function fromBase64(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    throw new BadBase64('not base64')
  }
}

class BadBase64 extends Error {}
