import { inflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { iconPng } from './icon-png.ts'

it('draws a PNG of the size asked for, with the light in it', () => {
  const png = iconPng(48)
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([48, 48])
  const at = png.indexOf('IDAT')
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
  expect(rows.length).toBe(48 * (48 * 3 + 1))
  const pixel = (x: number, y: number) => [...rows.subarray(y * 145 + 1 + x * 3, y * 145 + 4 + x * 3)]
  expect(pixel(33, 31)).toEqual([0xcd, 0xf0, 0x4f])
  expect(pixel(0, 0)).toEqual([0x15, 0x13, 0x0f])
})
