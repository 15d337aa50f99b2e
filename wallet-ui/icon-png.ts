/** Draws the app icon as PNG with nothing but zlib: no binary stands in the repository. Same picture as public/icon.svg. */
import { crc32, deflateSync } from 'node:zlib'

type Colour = readonly [red: number, green: number, blue: number]

const GROUND: Colour = [0x15, 0x13, 0x0f]
const BODY: Colour = [0xf4, 0xef, 0xe6]
const GLOW: Colour = [0xcd, 0xf0, 0x4f]
const SAMPLES = 4

/** A square icon without transparency: launchers cut their own shape, and the picture stays within its safe zone. */
export function iconPng(size: number): Buffer {
  const rows = Buffer.alloc(size * (size * 3 + 1))
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) rows.set(pixel(x, y, size), y * (size * 3 + 1) + 1 + x * 3)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  // 8 bits a channel, colour type 2: RGB.
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = deflateSync(rows, { level: 9 })
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

/** Average of a few samples inside the pixel, so that edges are smooth. */
function pixel(x: number, y: number, size: number): Uint8Array {
  const sum = [0, 0, 0]
  for (let j = 0; j < SAMPLES; j++)
    for (let i = 0; i < SAMPLES; i++) {
      const colour = colourAt(((x + (i + 0.5) / SAMPLES) * 64) / size, ((y + (j + 0.5) / SAMPLES) * 64) / size)
      sum.forEach((value, channel) => {
        sum[channel] = value + (colour[channel] ?? 0)
      })
    }
  return Uint8Array.from(sum, (value) => Math.round(value / SAMPLES ** 2))
}

/** On the 64 grid of the SVG: an oval body at a slant with two seams, and the light with its halo. */
function colourAt(x: number, y: number): Colour {
  const light = Math.hypot(x - 44, y - 41)
  if (light <= 6) return GLOW
  const along = ((x - 28) * 0.8 - (y - 32) * 0.6) / 18
  const across = ((x - 28) * 0.6 + (y - 32) * 0.8) / 12
  const inBody = along ** 2 + across ** 2 <= 1
  const onSeam = inBody && (Math.abs(along + 0.25) < 0.05 || Math.abs(along - 0.25) < 0.05)
  const below = inBody && !onSeam ? BODY : GROUND
  return light <= 13 ? mix(GLOW, below, 0.34) : below
}

function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] * share + b[0] * (1 - share), a[1] * share + b[1] * (1 - share), a[2] * share + b[2] * (1 - share)]
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
